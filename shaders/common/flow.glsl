// What flows without a shape of its own: water that falls or runs, smoke.
//
// In:     x in the photo's uv
// Reads:  u_travel, u_flow_plate, and u_turn of common/motion.glsl
// Out:    encoded sRGB

uniform sampler2D u_travel; // uv a cycle, phase, cycles in T
uniform sampler2D u_flow_plate;

// Three copies, each renewed while it is invisible; the squares of Hann weights a third of a cycle
// apart sum to 1/2 at all times, so the contrast does not pulse
vec3 flowing(vec2 x) {
    vec4 travel = texture(u_travel, x);
    vec3 sum = vec3(0.0);
    for (int copy = 0; copy < 3; ++copy) {
        float p = fract(travel.w * u_turn + travel.z + float(copy) / 3.0);
        sum += (1.0 - cos(TURN * p)) / 3.0 * texture(u_flow_plate, x - travel.xy * (p - 0.5)).rgb;
    }
    return sum;
}
