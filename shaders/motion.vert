#version 330 core
// Places one vertex of a layer that shows a sky alone, and tells what passes over it there.
//
// In:     as layer.vert
// Reads:  Frame; u_field, which fragments read elsewhere: for a sky its corners tell it, and a
//         software device takes 13 ns to read it once
// Out:    v_uv of the texture; v_veil: change of brightness, density of the veil

#include "common/frame.glsl"

in vec3 in_position_world;
in vec2 in_uv;

uniform vec4 u_texture_from_layer; // scale and shift from the layer's uv to the texture's
uniform vec4 u_photo_from_texture; // scale and shift from the texture's uv to the photo's
uniform sampler2D u_field;

out vec2 v_uv;
out vec2 v_veil;

void main() {
    v_uv = in_uv * u_texture_from_layer.xy + u_texture_from_layer.zw;
    vec2 uv = v_uv * u_photo_from_texture.xy + u_photo_from_texture.zw;
    v_veil = textureLod(u_field, uv, 0.0).zw;
    gl_Position = clip_from_world * vec4(in_position_world, 1.0) / -in_position_world.z;
}
