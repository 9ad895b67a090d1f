#version 330 core
// Depth only, with the cut-outs.
#include "noise.glsl"
#include "cutout.glsl"

uniform int u_material;
in vec3 v_uv_ao;
flat in float v_seed;

void main() {
    if (is_cut_out(u_material, v_uv_ao.xy, v_seed)) discard;
}
