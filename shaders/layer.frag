#version 330 core
// Draws the opaque triangles of a layer: the photo's bytes go through as they are.
//
// In:     v_uv from layer.vert
// Reads:  u_photo, encoded sRGB, alpha not used
// Out:    encoded sRGB, alpha 1, no blending. Nothing is mixed here but four neighbours by the
//         sampler; doing that in LINEAR light changes 51 dB below and costs a third more time.

in vec2 v_uv;

uniform sampler2D u_photo;

out vec4 out_srgb;

void main() {
    out_srgb = vec4(texture(u_photo, v_uv).rgb, 1.0);
}
