#version 330 core
// Places one vertex of a layer; the first stage of layer.frag and of rim.frag.
//
// In:     position_world in su (x right, y up, -z forward); uv of the layer's texture, 0..1,
//         origin top-left
// Reads:  Frame
// Out:    v_uv of the texture. A flat triangle shows a flat piece of the photo, so it is uv times
//         the distance z along the photo's axis that changes evenly across it, and z, not uv: the
//         device interpolates just so if all of gl_Position, which moves nothing, is divided by z.

#include "common/frame.glsl"

in vec3 in_position_world;
in vec2 in_uv;

uniform vec4 u_texture_from_layer; // scale and shift from the layer's uv to the texture's

out vec2 v_uv;

void main() {
    v_uv = in_uv * u_texture_from_layer.xy + u_texture_from_layer.zw;
    gl_Position = clip_from_world * vec4(in_position_world, 1.0) / -in_position_world.z;
}
