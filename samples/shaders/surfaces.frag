#version 330 core
// What is seen at each pixel: place, normal, colour, kind. Textures come later, once a pixel.
//
// In:     mesh.vert
// Out:    LINEAR albedo + label; normal + material; world position + openness (0: nothing there);
//         place on the thing (uv or local position, m) + seed
#include "noise.glsl"
#include "cutout.glsl"

uniform int u_material;
uniform float u_label;
uniform float u_mirror;
uniform vec3 u_eye;

in vec3 v_world;
in vec3 v_local;
in vec3 v_normal;
in vec3 v_albedo;
in vec3 v_uv_ao;
flat in float v_seed;

layout(location = 0) out vec4 out_albedo;
layout(location = 1) out vec4 out_normal;
layout(location = 2) out vec4 out_position;
layout(location = 3) out vec4 out_local;

void main() {
    if (is_cut_out(u_material, v_uv_ao.xy, v_seed)) discard;
    if (u_mirror < 0.0 && v_world.y < -0.02) discard;
    vec3 normal = normalize(v_normal);
    vec3 to_eye = vec3(u_eye.x, u_eye.y * u_mirror, u_eye.z) - v_world;
    bool keeps_side = u_material == GRASS || u_material == TERRAIN || u_material == GROUND;
    if (!keeps_side && dot(normal, to_eye) < 0.0) normal = -normal;
    out_albedo = vec4(v_albedo, u_label);
    out_normal = vec4(normal, float(u_material));
    out_position = vec4(v_world, max(v_uv_ao.z, 0.02));
    out_local = vec4(has_uv(u_material) ? vec3(v_uv_ao.xy, 0.0) : v_local, v_seed);
}
