#version 330 core
// Places one corner of one particle: a billboard in the photo's camera frame that lives, passes and
// is born again, all as a closed form in time.
//
// In:     in_place: uv at the middle of its life, inverse depth in 1/su, phase 0..1;
//         in_way: uv passed in a life, half width of its sway in uv, phase of the sway 0..1
// Reads:  Frame
// Out:    v_corner -1..1; v_alpha 0..1

#include "common/frame.glsl"

#define TURN 6.28318531

in vec4 in_place;
in vec4 in_way;

uniform float u_lives;       // whole lives in a period
uniform float u_turn;        // t / T, 0..1
uniform vec2 u_ray_of_uv;    // size of the photo at a distance of 1 su, in su
uniform vec2 u_uv_of_short;  // uv of one short side
uniform vec2 u_size;         // half width of a particle at inverse depth 1, and of its streak
uniform float u_sways;       // whole sways in a period

out vec2 v_corner;
out float v_alpha;

void main() {
    float age = fract(u_lives * u_turn + in_place.w);
    vec2 uv = in_place.xy + in_way.xy * (age - 0.5);
    uv.x += in_way.z * sin(TURN * (u_sways * u_turn + in_way.w));
    v_corner = vec2((gl_VertexID & 1) * 2 - 1, (gl_VertexID >> 1) * 2 - 1);
    vec2 along = in_way.xy / u_uv_of_short;
    along /= max(length(along), 1e-6);
    vec2 shift = v_corner.x * vec2(-along.y, along.x) * u_size.x + v_corner.y * along * u_size.y;
    uv += shift * u_uv_of_short * in_place.z;
    v_alpha = smoothstep(0.0, 0.25, age) * smoothstep(1.0, 0.75, age);
    vec2 ray = (uv - 0.5) * u_ray_of_uv;
    gl_Position = clip_from_world * vec4(vec3(ray.x, -ray.y, -1.0) / in_place.z, 1.0);
}
