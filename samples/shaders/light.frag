#version 330 core
// Gives the surfaces of a picture their textures and lights them with a few lamps.
//
// Reads:  surfaces.frag's textures; u_shadows, an atlas of 4 x 2 maps; u_far_shadow for lamp 0
// Out:    LINEAR light towards the eye
#include "noise.glsl"
#include "cutout.glsl"
#include "wild.glsl"
#include "indoors.glsl"

const int MAX_LAMPS = 8;
const float PI = 3.14159265;

uniform sampler2D u_albedo;
uniform sampler2D u_normal;
uniform sampler2D u_position;
uniform sampler2D u_local;
uniform sampler2DShadow u_shadows;
uniform sampler2DShadow u_far_shadow;
uniform mat4 u_far_from_world;
uniform float u_far_weight;
uniform int u_num_lamps;
uniform mat4 u_lamp_from_world[MAX_LAMPS];
uniform vec4 u_lamp_place[MAX_LAMPS];  // w = 0: direction to the lamp; 1: its place
uniform vec3 u_lamp_light[MAX_LAMPS];
uniform vec2 u_bias;                   // m, near and far map
uniform vec3 u_ambient;
uniform vec3 u_eye;
uniform float u_mirror;

in vec2 v_uv;
out vec4 out_color;

float share_in_light(sampler2DShadow map, vec3 clip, vec2 low, vec2 size) {
    vec3 unit = clip * 0.5 + 0.5;
    if (any(lessThan(unit, vec3(0.002))) || any(greaterThan(unit, vec3(0.998)))) return 1.0;
    return texture(map, vec3(low + unit.xy * size, unit.z));
}

// GGX with Schlick's Fresnel. Karis 2013, "Real Shading in Unreal Engine 4"
float highlight(vec3 n, vec3 l, vec3 v, float roughness, float f0) {
    vec3 h = normalize(l + v);
    float nl = max(dot(n, l), 0.0), nv = max(dot(n, v), 1e-3), nh = max(dot(n, h), 0.0);
    float a = roughness * roughness, k = a * 0.5;
    float d = nh * nh * (a * a - 1.0) + 1.0;
    // The clamp: where the lamp is behind the eye rounding gives -1e-7, of which pow makes NaN
    float f = f0 + (1.0 - f0) * pow(clamp(1.0 - dot(v, h), 0.0, 1.0), 5.0);
    return a * a / (PI * d * d) * f * nl / (4.0 * (nl * (1.0 - k) + k) * (nv * (1.0 - k) + k)) * PI;
}

void main() {
    vec4 position_ao = texture(u_position, v_uv);
    if (position_ao.w == 0.0) { out_color = vec4(0.0); return; }
    vec4 normal_material = texture(u_normal, v_uv), local_seed = texture(u_local, v_uv);
    int material = int(normal_material.w + 0.5);
    vec3 p = position_ao.xyz, to_eye = vec3(u_eye.x, u_eye.y * u_mirror, u_eye.z) - p;
    Surface s = Surface(texture(u_albedo, v_uv).rgb, normal_material.xyz, 0.9, 0.04, 0.0);
    s = material < PLASTER ? wild_surface(material, s, p, local_seed, length(to_eye))
                           : indoor_surface(material, s, p, local_seed);
    vec3 n = s.normal, v = normalize(to_eye), albedo = max(s.albedo, 0.0);
    vec3 light = albedo * u_ambient * position_ao.w * (0.75 + 0.25 * n.y);
    for (int i = 0; i < u_num_lamps; i++) {
        vec4 place = u_lamp_place[i];
        vec3 l = normalize(place.xyz - place.w * p);
        float nl = dot(n, l);
        float facing = max(nl, 0.0) * (1.0 - 0.5 * s.thin) + s.thin * max(-nl, 0.0) * 0.8;
        if (facing <= 0.0) continue;
        vec4 clip = u_lamp_from_world[i] * vec4(p + n * u_bias.x * sign(nl) + l * u_bias.x, 1.0);
        vec2 cell = vec2(i & 3, i >> 2) * vec2(0.25, 0.5);
        float lit = share_in_light(u_shadows, clip.xyz / clip.w, cell, vec2(0.25, 0.5));
        if (i == 0 && u_far_weight > 0.0) {
            vec4 far = u_far_from_world * vec4(p + n * u_bias.y + l * u_bias.y, 1.0);
            lit *= mix(1.0, share_in_light(u_far_shadow, far.xyz, vec2(0.0), vec2(1.0)), u_far_weight);
        }
        if (lit <= 0.0) continue;
        vec3 glow = mix(vec3(1.0), vec3(1.15, 1.1, 0.55), s.thin * step(nl, 0.0));
        vec3 sent = albedo * glow * facing;
        sent += highlight(n, l, v, s.roughness, s.f0);
        light += sent * u_lamp_light[i] * lit * (i == 0 ? 1.0 : position_ao.w);
    }
    out_color = vec4(light, 1.0);
}
