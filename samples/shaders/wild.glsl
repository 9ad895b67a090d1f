// Rock, bark, needles, grass, planks, ground, far slopes: textures of the open.

struct Surface {
    vec3 albedo;
    vec3 normal;
    float roughness;
    float f0;
    float thin;  // share of light that comes through
};

Surface rock_surface(Surface s, vec3 world, vec3 local, float seed) {
    vec3 p = local * 3.0 + seed * 31.0;
    s.normal = normalize(s.normal - 0.12 * fbm_slope(p * 1.7, 4, 0.02) - 0.035 * fbm_slope(p * 13.0, 4, 0.02));
    float crack = abs(fbm(p * vec3(0.9, 2.2, 0.9) + 3.0, 5) - 0.5);
    s.albedo *= mix(0.45, 1.0, smoothstep(0.0, 0.022, crack));
    float grain = fbm(p * 19.0, 4), blotch = fbm(p * 1.1 + 9.0, 4);
    s.albedo *= mix(0.35, 1.35, blotch) * mix(0.35, 1.5, grain);
    float lichen = smoothstep(0.56, 0.66, fbm(p * 2.3 + 40.0, 4)) * smoothstep(0.0, 0.6, s.normal.y);
    s.albedo = mix(s.albedo, vec3(0.20, 0.20, 0.11) * (0.6 + 0.8 * grain), 0.7 * lichen);
    float wet = 1.0 - smoothstep(0.05, 0.14, world.y + 0.05 * (blotch - 0.5));
    s.albedo *= mix(1.0, 0.32, wet);
    s.roughness = mix(0.85, 0.35, wet);
    return s;
}

Surface bark_surface(Surface s, vec3 world) {
    vec3 p = world * vec3(26.0, 7.0, 26.0);
    vec3 slope = fbm_slope(p, 3, 0.05);
    s.normal = normalize(s.normal - 0.55 * vec3(slope.x, slope.y * 0.4, slope.z));
    float ridge = fbm(p, 4);
    s.albedo *= mix(0.35, 1.5, ridge);
    s.albedo = mix(s.albedo, vec3(0.11, 0.12, 0.075), 0.6 * smoothstep(0.5, 0.7, fbm(world * 3.1, 3)));
    return s;
}

Surface plank_surface(Surface s, vec2 uv, float seed) {
    // uv in m: x along the board. Grain stretches along it; ends and edges are darker
    float board = floor(seed * 977.0);
    vec3 p = vec3(uv.x * 2.2, uv.y * 34.0, board);
    float grain = fbm(p, 4), streak = fbm(p * vec3(0.6, 3.0, 1.0) + 5.0, 3);
    s.albedo *= mix(0.55, 1.35, grain) * mix(0.75, 1.2, streak);
    s.albedo *= mix(0.72, 1.18, hash01(vec3(board, 3.0, 1.0)));
    float crack = smoothstep(0.33, 0.27, fbm(vec3(uv.x * 1.1, uv.y * 60.0, board + 7.0), 3));
    s.albedo *= 1.0 - 0.6 * crack;
    s.normal = normalize(s.normal + 0.16 * vec3(0.0, 0.0, grain - 0.5));
    s.roughness = 0.75;
    return s;
}

Surface ground_surface(Surface s, vec3 world, float away) {
    vec3 p = world;
    float patchy = fbm(p * 0.9, 3), soil = fbm(p * 7.0, 4), grit = fbm(p * 70.0, 2);
    float pebble = 0.5 * smoothstep(0.3, 0.6, noise(p * 47.0)) + 0.5 * smoothstep(0.3, 0.6, noise(p.zxy * 90.0));
    vec3 gravel = mix(vec3(0.055, 0.05, 0.045), vec3(0.20, 0.185, 0.16), pebble) * mix(0.5, 1.4, grit);
    gravel *= mix(0.6, 1.3, hash01(floor(p * 30.0 + 0.5)));
    vec3 earth = vec3(0.075, 0.058, 0.040) * mix(0.4, 1.5, soil) * mix(0.6, 1.4, grit);
    vec3 moss = vec3(0.060, 0.082, 0.020) * mix(0.3, 1.6, soil) * mix(0.6, 1.4, grit);
    float height = world.y + 0.25 * (patchy - 0.5);
    s.albedo = mix(gravel, earth, smoothstep(0.08, 0.26, height));
    s.albedo = mix(s.albedo, moss, smoothstep(0.20, 0.42, height + 0.2 * (soil - 0.5)));
    s.albedo *= mix(0.38, 1.0, smoothstep(-0.01, 0.08, world.y));
    s.normal = normalize(s.normal - 0.07 * fbm_slope(p * 12.0, 3, 0.04));
    return s;
}

Surface terrain_surface(Surface s, vec3 world, float away) {
    // Slope at two sizes under the mesh's own: gullies, then scree
    vec3 p = world / 70.0;
    float fine = clamp(1.0 - away / 14000.0, 0.25, 1.0);
    vec3 n = normalize(s.normal - 0.42 * fbm_slope(p, 4, 0.05) * vec3(1.0, 0.3, 1.0));
    n = normalize(n - 0.30 * fine * fbm_slope(p * 6.0, 3, 0.05) * vec3(1.0, 0.3, 1.0));
    float rough = fbm(p * 2.0, 5), strata = noise(vec3(rough * 4.0, world.y / 23.0, 1.0));
    vec3 stone = mix(vec3(0.10, 0.095, 0.095), vec3(0.25, 0.225, 0.205), rough);
    stone *= mix(0.7, 1.15, strata);
    vec3 meadow = mix(vec3(0.055, 0.075, 0.018), vec3(0.12, 0.11, 0.035), fbm(p * 1.3 + 3.0, 4));
    float crowns = noise(world / 6.0) * mix(0.5, 1.3, noise(world / 14.0));
    vec3 trees = vec3(0.018, 0.034, 0.014) * mix(0.15, 2.2, smoothstep(0.2, 0.8, crowns));
    float steep = 1.0 - n.y;
    // Trees up to a ragged line, meadow above them, stone where it is steep, snow on top
    float line = world.y + 190.0 * (rough - 0.5);
    vec3 albedo = mix(meadow, stone, smoothstep(0.22, 0.42, steep + 0.0006 * (world.y - 400.0)));
    float wooded = smoothstep(430.0, 330.0, line + 170.0 * (fbm(p * 0.45 + 8.0, 3) - 0.5))
                   * smoothstep(0.62, 0.42, steep);
    albedo = mix(albedo, trees, wooded);
    float snow = smoothstep(640.0, 820.0, line + 90.0 * n.z)
                 * smoothstep(0.50, 0.30, steep - 0.00012 * (world.y - 700.0));
    albedo = mix(albedo, vec3(0.80, 0.83, 0.88), snow);
    s.normal = normalize(mix(n, s.normal, 0.45 * snow));
    s.albedo = albedo;
    s.thin = 0.0;
    return s;
}

Surface wild_surface(int material, Surface s, vec3 world, vec4 local_seed, float away) {
    vec3 local = local_seed.xyz;
    vec2 uv = local.xy;
    float seed = local_seed.w;
    if (material == ROCK) return rock_surface(s, world, local, seed);
    if (material == BARK) return bark_surface(s, world);
    if (material == PLANK) return plank_surface(s, uv, seed);
    if (material == GROUND) return ground_surface(s, world, away);
    if (material == TERRAIN) return terrain_surface(s, world, away);
    if (material == NEEDLES || material == SPRAY) {
        float young = smoothstep(0.6, 1.0, uv.y);
        s.albedo *= mix(vec3(0.8), vec3(1.5, 1.45, 1.0), young) * mix(0.7, 1.3, noise(world * 9.0));
        s.thin = 0.35;
        s.roughness = 0.6;
    } else if (material == FAR_TREE) {
        s.albedo *= mix(0.45, 1.6, noise(local * 2.3 + seed * 40.0));
        s.thin = 0.15;
    } else if (material == GRASS) {
        s.albedo *= mix(vec3(0.55, 0.6, 0.5), vec3(1.25, 1.15, 0.9), uv.y);
        s.thin = 0.45;
        s.roughness = 0.5;
    } else if (material == PAINT) {
        float worn = smoothstep(0.66, 0.76, fbm(local * vec3(9.0, 12.0, 7.0), 5));
        s.albedo = mix(s.albedo * mix(0.8, 1.1, noise(local * 7.0)), vec3(0.26, 0.22, 0.18), worn);
        s.roughness = 0.45;
    }
    return s;
}
