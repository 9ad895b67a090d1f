#version 330 core
// Averages the samples of each pixel: the end of supersampling.
//
// In:     v_uv from fullscreen.vert
// Reads:  u_samples, an sRGB texture, SAMPLES x SAMPLES texels a pixel: the sampler returns LINEAR
//         light, and the mean of four texels where it is asked for their common corner
// Out:    LINEAR light; the target encodes

in vec2 v_uv;

uniform sampler2D u_samples;
uniform int u_num_taps; // a side; each tap reads two texels a side
uniform vec2 u_tap_uv;  // from one tap to the next

out vec4 out_linear;

void main() {
    vec2 first_uv = v_uv - 0.5 * float(u_num_taps - 1) * u_tap_uv;
    vec3 sum = vec3(0.0);
    for (int y = 0; y < u_num_taps; ++y) {
        for (int x = 0; x < u_num_taps; ++x) {
            sum += texture(u_samples, first_uv + vec2(x, y) * u_tap_uv).rgb;
        }
    }
    out_linear = vec4(sum / float(u_num_taps * u_num_taps), 1.0);
}
