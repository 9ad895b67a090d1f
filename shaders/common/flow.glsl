// What flows without a shape of its own: water that falls or runs, smoke.
//
// In:     x in the photo's uv
// Reads:  u_travel, u_flow_plate, u_flow_aside, and u_turn of common/motion.glsl
// Out:    encoded sRGB

uniform sampler2D u_travel; // uv a cycle, phase, cycles in T
uniform sampler2D u_flow_plate;
uniform vec2 u_flow_aside; // what turns the way, y and x, into the farthest that a copy lies aside

// Three copies, each renewed while it is invisible; the squares of Hann weights a third of a cycle
// apart sum to 1/2 at all times, so the contrast does not pulse. No renewal is where the last one
// was: golden steps to the side fill their range evenly
vec3 flowing(vec2 x) {
    vec4 travel = texture(u_travel, x);
    vec3 sum = vec3(0.0);
    for (int copy = 0; copy < 3; ++copy) {
        float age = travel.w * u_turn + travel.z + float(copy) / 3.0;
        float p = fract(age);
        float aside = fract(0.618034 * (mod(floor(age), travel.w) + float(copy))) - 0.5;
        vec2 from = x - travel.xy * (p - 0.5) + aside * u_flow_aside * travel.yx;
        sum += (1.0 - cos(TURN * p)) / 3.0 * texture(u_flow_plate, from).rgb;
    }
    return sum;
}
