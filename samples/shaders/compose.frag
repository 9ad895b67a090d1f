#version 330 core
// One sample of the picture: lit surfaces, water with what it mirrors, haze, sky.
//
// Reads:  light.frag's result, surfaces.frag's position, sky.frag's radiance, the mirrored picture
// Out:    LINEAR light, to be added to the other samples
#include "noise.glsl"

uniform sampler2D u_lit;
uniform sampler2D u_position;
uniform sampler2D u_sky;
uniform sampler2D u_mirrored;
uniform mat3 u_world_from_view;
uniform vec2 u_tan_half;
uniform vec3 u_eye;
uniform float u_mirror;
uniform float u_has_water;
uniform vec3 u_sun;
uniform vec3 u_sun_light;
uniform float u_haze_m;     // distance at which two thirds of the light is lost; 0 is clear air
uniform float u_sample;
uniform float u_weight;
uniform vec2 u_shift_ndc;      // of this sample against the pixel centre

in vec2 v_uv;
out vec4 out_color;

vec3 hazed(vec3 color, vec3 d, float far_m, float height_m) {
    if (u_haze_m <= 0.0) return color;
    float near_sun = pow(max(dot(d, u_sun), 0.0), 3.0);
    float thick = far_m / u_haze_m * exp(-max(height_m, 0.0) / 1500.0);
    vec3 kept = exp(-thick * vec3(0.72, 0.95, 1.30));
    return color * kept + (1.0 - kept) * (vec3(0.42, 0.53, 0.70) + u_sun_light * 0.10 * (0.35 + near_sun));
}

vec2 ripple_slope(vec2 at, float far_m) {  // d height / d(x, z) of the water's surface
    float gust = smoothstep(0.30, 0.75, fbm(vec3(at.x / 34.0, at.y / 13.0, 3.0), 3));
    vec2 slope = vec2(0.0);
    float size = 2.6, steep = 0.0075;
    for (int i = u_zero; i < 6 + u_zero; i++) {
        float seen = clamp(size * 420.0 / far_m, 0.0, 1.0);
        vec3 p = vec3(at.x / size, at.y / size * 1.7, 1.7 * float(i));
        float here = noise(p);
        slope += seen * steep * vec2(noise(p + vec3(0.15, 0.0, 0.0)) - here, noise(p + vec3(0.0, 0.15, 0.0)) - here) / 0.15;
        size *= 0.47;
        steep *= mix(0.72, 0.96, gust);
        at = mat2(0.8, 0.6, -0.6, 0.8) * at;
    }
    // What is too small to see at this distance still blurs: a random slope for each sample
    vec3 seed = vec3(gl_FragCoord.xy, u_sample);
    vec2 random = vec2(hash01(seed) + hash01(seed + 911.0), hash01(seed + 77.0) + hash01(seed + 501.0)) - 1.0;
    return slope * mix(0.55, 1.25, gust) + random * mix(0.0012, 0.009, gust) * smoothstep(6.0, 220.0, far_m);
}

vec3 water(vec3 d, float t, float bed_t) {
    vec3 p = u_eye + d * t;
    vec2 slope = ripple_slope(p.xz, t);
    vec3 n = normalize(vec3(-slope.x, 1.0, -slope.y));
    float shallow = u_eye.y / t;  // sine of the angle to the surface
    vec2 at = v_uv + vec2(-slope.x * (0.4 + shallow), -slope.y) * vec2(0.5, 1.0) / u_tan_half * mix(1.0, 0.55, shallow);
    vec3 mirrored = texture(u_mirrored, clamp(at, vec2(0.001), vec2(0.999))).rgb;
    float fresnel = 0.02 + 0.98 * pow(clamp(1.0 + dot(n, d), 0.0, 1.0), 5.0);
    vec3 h = normalize(u_sun - d);
    vec3 bed = texture(u_lit, clamp(v_uv + slope * vec2(0.6, 0.3), vec2(0.001), vec2(0.999))).rgb;
    vec3 kept = exp(-(bed_t - t) * vec3(0.85, 0.42, 0.48));
    vec3 body = mix(vec3(0.010, 0.034, 0.036), bed * vec3(0.75, 0.8, 0.7), kept);
    vec3 glitter = u_sun_light * 40.0 * pow(max(dot(n, h), 0.0), 900.0);
    return mix(body, mirrored, fresnel) + glitter * fresnel;
}

void main() {
    vec2 ndc = v_uv * 2.0 - 1.0 - u_shift_ndc;
    vec3 d = normalize(u_world_from_view * vec3(ndc * u_tan_half, -1.0));
    vec4 position = texture(u_position, v_uv);
    vec3 color = texture(u_sky, v_uv).rgb;
    vec3 eye = vec3(u_eye.x, u_eye.y * u_mirror, u_eye.z);
    vec3 seen = vec3(d.x, d.y * u_mirror, d.z);
    float far_m = position.w > 0.0 ? length(position.xyz - eye) : 1e9;
    if (position.w > 0.0) color = hazed(texture(u_lit, v_uv).rgb, seen, far_m, 0.6 * position.y);
    float t = d.y < 0.0 ? -u_eye.y / d.y : 1e9;
    if (u_has_water > 0.0 && u_mirror > 0.0 && t < min(far_m, 12000.0)) {
        color = hazed(water(d, t, far_m), seen, 0.5 * t, 0.0);
    }
    out_color = vec4(min(color, vec3(30.0)), 1.0) * u_weight;
}
