#version 330 core
// Adds a part of a picture's light to a sum: motion blur and depth of field.
//
// In:     v_uv from fullscreen.vert
// Reads:  u_picture, an sRGB texture: the sampler returns LINEAR light
// Out:    LINEAR light, added to an RGBA32F target

in vec2 v_uv;

uniform sampler2D u_picture;
uniform float u_weight;

out vec4 out_linear;

void main() {
    out_linear = vec4(texture(u_picture, v_uv).rgb * u_weight, u_weight);
}
