// Numbers without a pattern, and numbers with as even a one as can be.
//
// In:     whole numbers, or pixels
// Reads:  nothing
// Out:    as each function says

// Jarzynski and Olano 2020, "Hash Functions for GPU Rendering", pcg3d
uvec3 hash(uvec3 v) {
    v = v * 1664525u + 1013904223u;
    v += v.yzx * v.zxy;
    v ^= v >> 16u;
    return v + v.yzx * v.zxy;
}

// Mean 0, variance 1, between -1.73 and 1.73
float white_noise(ivec2 px, int tick) {
    uint bits = hash(uvec3(uvec2(px), uint(tick))).x;
    return (float(bits >> 8u) / 16777216.0 - 0.5) * 3.4641016;
}

// -0.5..0.5, every value once in each small neighbourhood: Jimenez 2014, "Next Generation
// Post Processing in Call of Duty: Advanced Warfare"
float gradient_noise(vec2 px) {
    return fract(52.9829189 * fract(dot(px, vec2(0.06711056, 0.00583715)))) - 0.5;
}
