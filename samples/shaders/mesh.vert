#version 330 core
// Places one instance of a mesh in the world.
//
// In:     position, normal, albedo of the mesh; place (xyz, size) and turn (cos, sin, tint, seed)
// Out:    world position in m, normal, LINEAR albedo

uniform mat4 u_clip_from_world;
uniform float u_mirror;  // -1 draws the world as the water's surface shows it

in vec3 in_position;
in vec3 in_normal;
in vec3 in_albedo;
in vec3 in_uv_ao;
in vec4 in_place;
in vec4 in_turn;

out vec3 v_world;
out vec3 v_local;
out vec3 v_normal;
out vec3 v_albedo;
out vec3 v_uv_ao;
flat out float v_seed;

vec3 turned(vec3 p) {
    return vec3(in_turn.x * p.x + in_turn.y * p.z, p.y, in_turn.x * p.z - in_turn.y * p.x);
}

void main() {
    v_local = in_position * in_place.w;
    v_world = turned(v_local) + in_place.xyz;
    v_normal = turned(in_normal);
    v_albedo = in_albedo * in_turn.z;
    v_uv_ao = in_uv_ao;
    v_seed = in_turn.w;
    gl_Position = u_clip_from_world * vec4(v_world.x, v_world.y * u_mirror, v_world.z, 1.0);
}
