#version 330 core
// The field of one moment: how far every place of the photo is displaced, and what passes over it.
//
// In:     the target's pixel, which is the field's texel; NUM_MODES and HAS_VEIL, set by the pass
// Reads:  u_modes, a cosine and a sine part a frequency, bytes about 128; u_still: what no moment
//         changes: brightness for a displacement (x, y), and the weight of light on a sky
// Out:    displacement x, y in the photo's uv; change of brightness; density of a veil

uniform sampler2DArray u_modes;
uniform sampler2D u_still;
uniform int u_num_modes; // NUM_MODES, or 0 where nothing sways
uniform vec2 u_mode_now[NUM_MODES]; // cosine and sine of each angle, times uv a byte's step
#if HAS_VEIL
#include "common/veil.glsl"
#endif

out vec4 out_field;

void main() {
    ivec2 texel = ivec2(gl_FragCoord.xy);
    vec2 shift = vec2(0.0);
    for (int j = 0; j < u_num_modes; ++j) {
        vec4 mode = floor(texelFetch(u_modes, ivec3(texel, j), 0) * 255.0 + 0.5) - 128.0; // 0 is 0
        shift += mode.xy * u_mode_now[j].x + mode.zw * u_mode_now[j].y;
    }
    vec4 still = texelFetch(u_still, texel, 0);
    out_field = vec4(shift, dot(shift, still.xy), 0.0);
#if HAS_VEIL
    vec2 veil = veil_at(gl_FragCoord.xy / vec2(textureSize(u_still, 0)));
    out_field.zw += vec2(still.z * veil.y, veil.x);
#endif
}
