// What moves in a photo: parallax/motion_plan/field.py, on encoded sRGB values.
//
// In:     MOVES_FIELD _SWAY _VEIL _GLINT _RIPPLE _FLOW _FOAM _DRIFT, 0 or 1, set by the pass;
//         MOVES_EDGE is 1 where the weights are not 1 throughout; x in the photo's uv
// Reads:  u_weight (flow, sky, foam) and the fields and plates of what moves
// Out:    encoded sRGB; every term is exactly 0 where its weight is, so such bytes do not change

#define TURN 6.28318531
uniform float u_turn; // t / T, 0..1
#if MOVES_EDGE
uniform sampler2D u_weight;
#endif
#if MOVES_FIELD
uniform sampler2D u_field; // displacement x, y in uv, change of brightness, swing of the sparkle
#endif
#if MOVES_VEIL
uniform vec3 u_veil_color; // encoded
#endif
#if MOVES_FOAM
uniform sampler2D u_sweep; // uv, phase, cycles in T
uniform sampler2D u_foam_plate;
#endif
#if MOVES_RIPPLE
#include "common/ripple.glsl"
#endif
#if MOVES_FLOW
#include "common/flow.glsl"
#endif
#if MOVES_DRIFT
#include "common/drift.glsl"
#endif

// `srgb` is the layer's colour at x, which is displaced already; `gain` changes its brightness, and
// `density` is the veil's
vec3 moved(vec3 srgb, vec2 x, float gain, float density) {
    vec3 weight = vec3(1.0);
#if MOVES_EDGE
    weight = texture(u_weight, x).rgb;
#endif
#if MOVES_RIPPLE
    gain += rippling(x);
#endif
    srgb *= 1.0 + gain;
#if MOVES_FLOW
    if (weight.r > 0.0) srgb += weight.r * (flowing(x) - srgb);
#endif
#if MOVES_FOAM
    vec4 sweep = texture(u_sweep, x);
    float p = TURN * (sweep.w * u_turn + sweep.z);
    vec2 washed = x - sweep.xy * cos(p + 0.6 * sin(p)); // in fast, out slowly
    srgb += weight.b * (texture(u_foam_plate, washed) - texture(u_foam_plate, x)).rgb;
#endif
#if MOVES_DRIFT
    srgb += weight.g * drifted(x);
#endif
#if MOVES_VEIL
    srgb += weight.g * density * (u_veil_color - srgb);
#endif
    return srgb;
}
