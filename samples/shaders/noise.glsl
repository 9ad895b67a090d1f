// Hashes and value noise, the same bytes on every machine with IEEE floats.

uint mixed(uint h) {  // Ettinger 2019, "Hash Function Prospector": one round of lowbias32
    h = (h ^ (h >> 15u)) * 0x2c1b3c6du;
    return (h ^ (h >> 12u)) * 0x297a2d39u;
}

float unit_of(uint h) {  // 0..1
    return float(h >> 8u) * (1.0 / 16777216.0);
}

float hash01(vec3 cell) {  // 0..1 for whole-numbered cells
    uvec3 c = uvec3(ivec3(cell)) * uvec3(0x9e3779b1u, 0x85ebca77u, 0xc2b2ae3du);
    return unit_of(mixed(c.x ^ c.y ^ c.z));
}

float noise(vec3 p) {  // 0..1, smooth
    vec3 cell = floor(p);
    vec3 f = p - cell;
    f = f * f * (3.0 - 2.0 * f);
    uvec3 c = uvec3(ivec3(cell)) * uvec3(0x9e3779b1u, 0x85ebca77u, 0xc2b2ae3du);
    uvec3 e = c + uvec3(0x9e3779b1u, 0x85ebca77u, 0xc2b2ae3du);
    uvec4 yz = uvec4(c.y ^ c.z, e.y ^ c.z, c.y ^ e.z, e.y ^ e.z);
    vec4 near = vec4(unit_of(mixed(c.x ^ yz.x)), unit_of(mixed(c.x ^ yz.y)), unit_of(mixed(c.x ^ yz.z)), unit_of(mixed(c.x ^ yz.w)));
    vec4 far = vec4(unit_of(mixed(e.x ^ yz.x)), unit_of(mixed(e.x ^ yz.y)), unit_of(mixed(e.x ^ yz.z)), unit_of(mixed(e.x ^ yz.w)));
    vec4 along_x = mix(near, far, f.x);
    vec2 along_y = mix(along_x.xz, along_x.yw, f.y);
    return mix(along_y.x, along_y.y, f.z);
}

uniform int u_zero;  // always 0: a bound no compiler knows keeps loops rolled (llvmpipe compiles for minutes else)

float fbm(vec3 p, int octaves) {  // 0..1, mean a half
    float sum = 0.0, weight = 0.5, total = 0.0;
    for (int i = u_zero; i < octaves + u_zero; i++) {
        sum += weight * noise(p);
        total += weight;
        weight *= 0.5;
        p = p.zxy * 2.03 + 17.3;
    }
    return sum / total;
}

vec3 fbm_slope(vec3 p, int octaves, float step_size) {  // gradient of fbm by differences
    vec4 values;
    for (int i = u_zero; i < 4 + u_zero; i++) {
        vec3 shift = vec3(i == 1, i == 2, i == 3) * step_size;
        float value = fbm(p + shift, octaves);
        values = vec4(values.yzw, value);
    }
    return (values.yzw - values.x) / step_size;
}
