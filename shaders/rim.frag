#version 330 core
// Draws the soft triangles of a layer: rims that fade over what lies behind.
//
// In:     v_uv from layer.vert
// Reads:  u_photo, encoded sRGB with straight alpha, its colour continued where alpha is 0
// Out:    LINEAR light, premultiplied; the target blends in LINEAR light and encodes

#include "common/color.glsl"

in vec2 v_uv;

uniform sampler2D u_photo;

out vec4 out_linear_pre;

void main() {
    vec4 srgb = texture(u_photo, v_uv);
    if (srgb.a == 0.0) {
        discard; // a software device then spares itself the blending
    }
    out_linear_pre = vec4(linear_from_srgb(srgb.rgb) * srgb.a, srgb.a);
}
