// The photo's own ripples, whose phase turns: parallax/motion/ripple.py.
//
// In:     x in the photo's uv
// Reads:  u_ripple, u_ripple_now
// Out:    change of brightness, as a share; exactly 0 where there are no ripples

uniform sampler2D u_ripple; // P and Q of fine ripples, then of coarse ones
uniform float u_no_ripple; // what they are where there are none
uniform vec4 u_ripple_now; // what each of the four counts at this moment

float rippling(vec2 x) {
    return dot(texture(u_ripple, x) - u_no_ripple, u_ripple_now);
}
