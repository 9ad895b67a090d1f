#version 330 core
// The sky with its clouds, as radiance for every pixel of a camera or of its mirror image.
//
// Reads:  u_world_from_view: a direction for each point of the picture plane
// Out:    LINEAR light
#include "noise.glsl"

uniform mat3 u_world_from_view;
uniform vec2 u_tan_half;
uniform float u_mirror;
uniform vec3 u_sun;
uniform vec3 u_sun_light;

const float BASE_M = 2300.0, TOP_M = 3900.0;
const int STEPS = 44;

in vec2 v_uv;
out vec4 out_color;

float cloud_density(vec3 p, int octaves) {
    float height = (p.y - BASE_M) / (TOP_M - BASE_M);
    float cover = fbm(vec3(p.xz / 5200.0, 4.2), 3);
    float body = fbm(p / vec3(1300.0, 1000.0, 1300.0) + 11.0, octaves);
    float shape = smoothstep(0.0, 0.12, height) * smoothstep(1.0, 0.35, height);
    return clamp((body * shape + 1.15 * (cover - 0.5) - 0.525) * 5.0, 0.0, 1.0);
}

vec3 clear_sky(vec3 d) {
    float up = max(d.y, 0.0), near_sun = max(dot(d, u_sun), 0.0);
    vec3 zenith = vec3(0.085, 0.205, 0.53), rim = vec3(0.62, 0.74, 0.86);
    vec3 c = mix(rim, zenith, pow(clamp(up * 1.35, 0.0, 1.0), 0.52));
    c += vec3(0.34, 0.22, 0.10) * exp(-up * 9.0) * (0.45 + 0.55 * near_sun);
    return c * 0.92 + u_sun_light * 0.05 * pow(near_sun, 8.0);
}

vec2 wisps(vec3 d) {  // thin ice clouds far above
    vec2 at = d.xz / max(d.y + 0.05, 0.05);
    float veil = fbm(vec3(at.x * 0.55 + 3.0, at.y * 1.9, 2.0), 6);
    float comb = fbm(vec3(at.x * 2.2, at.y * 9.0 + veil * 4.0, 7.0), 5);
    return vec2(smoothstep(0.46, 0.85, veil) * mix(0.35, 1.0, comb) * smoothstep(0.02, 0.2, d.y), veil);
}

void main() {
    vec2 ndc = v_uv * 2.0 - 1.0;
    vec3 d = normalize(u_world_from_view * vec3(ndc * u_tan_half, -1.0));
    d.y *= u_mirror;
    vec3 sky = clear_sky(d);
    vec2 veil = wisps(d);
    sky = mix(sky, vec3(1.15, 1.12, 1.08), 0.5 * veil.x);
    if (d.y < 0.012) { out_color = vec4(sky, 1.0); return; }

    // March through the slab of cumulus; light is absorbed along a short way to the sun
    float t0 = BASE_M / d.y, t1 = min(TOP_M / d.y, t0 + 16000.0);
    float step_m = (t1 - t0) / float(STEPS), clear = 1.0;
    vec3 glow = vec3(0.0);
    float t = t0 + step_m * hash01(vec3(gl_FragCoord.xy, 5.0));
    float phase = 0.75 + 0.6 * pow(max(dot(d, u_sun), 0.0), 4.0);
    for (int i = u_zero; i < STEPS && clear > 0.02; i++, t += step_m) {
        vec3 p = d * t;
        float density = cloud_density(p, 6);
        if (density <= 0.0) continue;
        float way = 0.0;
        for (int k = 1 + u_zero; k <= 4; k++) way += cloud_density(p + u_sun * float(k * k) * 45.0, 4) * float(2 * k - 1) * 45.0;
        float height = (p.y - BASE_M) / (TOP_M - BASE_M);
        float open = exp(-way * 0.0050) * 0.85 + 0.15 * exp(-way * 0.0010);
        vec3 light = u_sun_light * 0.56 * phase * open + mix(vec3(0.32, 0.36, 0.44), vec3(0.50, 0.60, 0.78), height);
        float seen = 1.0 - exp(-density * step_m * 0.0052);
        glow += clear * seen * light;
        clear *= 1.0 - seen;
    }
    float far = 1.0 - exp(-t0 / 26000.0);
    glow = mix(glow, sky * (1.0 - clear), far);
    out_color = vec4(sky * clear + glow, 1.0);
}
