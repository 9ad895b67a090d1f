#version 330 core
// Adds up what sways and ripples at one moment: a displacement of every place of the photo.
//
// In:     the target's pixel, which is the field's texel; NUM_MODES, set by the pass
// Reads:  u_modes, a cosine and a sine part a frequency, x and y in uv; u_shade
// Out:    displacement x, y in the photo's uv, change of brightness

uniform sampler2DArray u_modes;
uniform sampler2D u_shade;
uniform vec2 u_mode_now[NUM_MODES]; // cosine and sine of each frequency's angle

out vec4 out_shift;

void main() {
    ivec2 texel = ivec2(gl_FragCoord.xy);
    vec2 shift = vec2(0.0);
    for (int j = 0; j < NUM_MODES; ++j) {
        vec4 mode = texelFetch(u_modes, ivec3(texel, j), 0);
        shift += mode.xy * u_mode_now[j].x + mode.zw * u_mode_now[j].y;
    }
    out_shift = vec4(shift, dot(shift, texelFetch(u_shade, texel, 0).xy), 0.0);
}
