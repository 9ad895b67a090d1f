#version 330 core
// Places one vertex of a layer, and tells how it moves what is so smooth that corners tell all of it.
//
// In:     as layer.vert; MOVES_SWAY, MOVES_VEIL: 0 or 1
// Reads:  Frame; u_field and u_veil, which fragments read elsewhere: a software device takes 6 ns to
//         read one of them once
// Out:    v_uv of the texture, displaced; v_told: change of brightness, density of the veil

#include "common/frame.glsl"

in vec3 in_position_world;
in vec2 in_uv;

uniform vec4 u_texture_from_layer; // scale and shift from the layer's uv to the texture's
uniform vec4 u_photo_from_texture; // scale and shift from the texture's uv to the photo's
#if MOVES_SWAY
uniform sampler2D u_field;
#endif
#if MOVES_VEIL
uniform sampler2D u_veil;
#endif

out vec2 v_uv;
out vec2 v_told;

void main() {
    v_uv = in_uv * u_texture_from_layer.xy + u_texture_from_layer.zw;
    vec2 uv = v_uv * u_photo_from_texture.xy + u_photo_from_texture.zw;
    v_told = vec2(0.0);
#if MOVES_VEIL
    v_told = textureLod(u_veil, uv, 0.0).rg;
#endif
#if MOVES_SWAY
    vec3 field = textureLod(u_field, uv, 0.0).xyz;
    v_uv += field.xy / u_photo_from_texture.xy;
    v_told.x += field.z;
#endif
    gl_Position = clip_from_world * vec4(in_position_world, 1.0) / -in_position_world.z;
}
