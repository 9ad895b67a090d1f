#version 330 core
// Ends a frame: bent lines, darker corners, grain, encoded, dithered to bytes.
//
// In:     v_uv from fullscreen.vert; HAS_DISTORTION, HAS_VIGNETTE, HAS_GRAIN: 0 or 1,
//         set by FinishPass
// Reads:  u_light, a texture whose sampler returns LINEAR light
// Out:    encoded sRGB, alpha 1, no blending

#include "common/color.glsl"
#include "common/noise.glsl"

in vec2 v_uv;

uniform sampler2D u_light;
#if HAS_DISTORTION
uniform float u_distortion; // how much larger the middle is
#endif
#if HAS_VIGNETTE
uniform float u_falloff; // how fast light falls off with the squared distance from the middle
#endif
#if HAS_GRAIN
uniform float u_grain; // standard deviation in mid-tones, of 0..1
uniform int u_tick;    // another grain for each
#endif

out vec4 out_srgb;

#if HAS_GRAIN
// Clumps of about two pixels, mean 0, variance 1: white noise under binomial weights, whose
// squares sum to (3/8)^2
float grain(ivec2 px) {
    float sum = 0.0;
    for (int y = -1; y <= 1; ++y) {
        for (int x = -1; x <= 1; ++x) {
            float weight = float((2 - abs(x)) * (2 - abs(y))) / 16.0;
            sum += weight * white_noise(px + ivec2(x, y) + 1, u_tick);
        }
    }
    return sum * 8.0 / 3.0;
}
#endif

void main() {
    vec2 size_px = vec2(textureSize(u_light, 0));
    vec2 from_middle = (v_uv - 0.5) * size_px / (0.5 * length(size_px)); // 1 at the corners
    float squared = dot(from_middle, from_middle);
    vec2 uv = v_uv;
#if HAS_DISTORTION
    uv += (v_uv - 0.5) * u_distortion * (squared - 1.0); // Brown 1966, the first radial term
#endif
    vec3 linear = texture(u_light, uv).rgb;
#if HAS_VIGNETTE
    float falloff = 1.0 + u_falloff * squared;
    linear /= falloff * falloff;
#endif
    vec3 srgb = srgb_from_linear(linear);
#if HAS_GRAIN
    // Film shows its grain most in mid-tones, and none in what is clear or black
    float luma = dot(srgb, vec3(0.2126, 0.7152, 0.0722));
    srgb += u_grain * grain(ivec2(gl_FragCoord.xy)) * sqrt(max(4.0 * luma * (1.0 - luma), 0.0));
#endif
    out_srgb = vec4(srgb + gradient_noise(gl_FragCoord.xy) / 255.0, 1.0);
}
