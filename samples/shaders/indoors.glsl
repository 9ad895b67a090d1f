// Plaster, glaze, fruit, petals, leaves, linen, a table's wood: textures of the room.

Surface plaster_surface(Surface s, vec3 world) {
    float wide = fbm(world * 3.0, 4), fine = fbm(world * 60.0, 3);
    s.albedo *= mix(0.86, 1.08, wide) * mix(0.94, 1.05, fine);
    s.normal = normalize(s.normal - 0.0016 * fbm_slope(world * 26.0, 4, 0.05) * 26.0
                         - 0.010 * fbm_slope(world * 5.0, 2, 0.05));
    return s;
}

Surface glaze_surface(Surface s, vec3 local, float seed) {
    float ring = noise(vec3(1.0, local.y * 160.0, seed * 9.0));
    s.normal = normalize(s.normal + vec3(0.0, 0.07 * (ring - 0.5), 0.0));
    float speck = smoothstep(0.66, 0.71, fbm(local * 380.0, 3)) + 0.7 * smoothstep(0.70, 0.74, fbm(local * 150.0 + 7.0, 3));
    float edge = 0.022 + 0.012 * (fbm(local * 26.0, 3) - 0.5) + 0.006 * sin(atan(local.z, local.x) * 3.0);
    float glazed = smoothstep(edge - 0.0015, edge + 0.0015, local.y);
    vec3 clay = vec3(0.30, 0.19, 0.12) * mix(0.7, 1.2, fbm(local * 140.0, 3));
    vec3 coat = s.albedo * mix(0.86, 1.08, fbm(local * 22.0, 3)) * (1.0 - 0.55 * clamp(speck, 0.0, 1.0));
    s.albedo = mix(clay, coat, glazed);
    s.roughness = mix(0.8, 0.26, glazed);
    s.f0 = 0.05;
    return s;
}

Surface fruit_surface(int material, Surface s, vec3 local, float seed) {
    float angle = atan(local.z, local.x);
    if (material == PEEL) {
        vec3 p = local * 430.0;
        s.normal = normalize(s.normal - 0.06 * fbm_slope(p, 2, 0.2));
        s.albedo *= mix(0.82, 1.12, fbm(local * 34.0 + seed, 3)) * mix(0.9, 1.05, noise(p));
        s.roughness = 0.42;
        s.thin = 0.10;
    } else {
        float streak = fbm(vec3(cos(angle) * 9.0, local.y * 12.0, sin(angle) * 9.0) + seed * 20.0, 4);
        float blush = fbm(local * 17.0 + seed * 50.0, 3) + 0.35 * (streak - 0.5) + 4.0 * local.y;
        vec3 sun_side = vec3(0.42, 0.030, 0.022) * mix(0.65, 1.2, streak), shade_side = vec3(0.50, 0.40, 0.075);
        s.albedo = mix(shade_side, sun_side, smoothstep(0.36, 0.60, blush));
        s.albedo = mix(s.albedo, vec3(0.62, 0.52, 0.28), 0.45 * smoothstep(0.68, 0.74, fbm(local * 420.0, 2)));
        s.roughness = 0.30;
    }
    s.f0 = 0.045;
    return s;
}

Surface table_surface(Surface s, vec3 world) {
    float board = floor(world.z / 0.132 + 0.31), across = fract(world.z / 0.132 + 0.31);
    vec3 p = vec3(world.x * 2.6 + board * 7.7, world.z * 46.0, board * 3.0);
    float warp = fbm(vec3(world.x * 1.3 + board * 4.0, world.z * 7.0, board), 3);
    float year = 0.5 + 0.5 * sin(world.z * 190.0 + warp * 34.0 + board * 2.0);
    float grain = fbm(p, 4), pore = smoothstep(0.58, 0.72, fbm(vec3(world.x * 14.0, world.z * 420.0, board), 3));
    vec3 wood = mix(vec3(0.150, 0.078, 0.038), vec3(0.33, 0.19, 0.095), clamp(0.45 * year + 0.75 * grain - 0.1, 0.0, 1.0));
    wood *= mix(0.78, 1.15, hash01(vec3(board, 5.0, 2.0))) * (1.0 - 0.45 * pore) * mix(0.85, 1.1, warp);
    float gap = smoothstep(0.012, 0.004, min(across, 1.0 - across));
    s.albedo = wood * (1.0 - 0.85 * gap);
    s.normal = normalize(s.normal + vec3(0.0, 0.0, 0.05 * (grain - 0.5)));
    s.roughness = mix(0.42, 0.62, grain) + 0.2 * pore;
    return s;
}

Surface indoor_surface(int material, Surface s, vec3 world, vec4 local_seed) {
    vec3 local = local_seed.xyz;
    vec2 uv = local.xy;
    if (material == PLASTER) return plaster_surface(s, world);
    if (material == GLAZE) return glaze_surface(s, local, local_seed.w);
    if (material == PEEL || material == APPLE) return fruit_surface(material, s, local, local_seed.w);
    if (material == TABLE) return table_surface(s, world);
    if (material == PETAL) {
        s.albedo *= mix(0.82, 1.05, noise(vec3(uv.x * 9.0, uv.y * 1.5, local_seed.w * 30.0))) * mix(0.75, 1.0, smoothstep(0.0, 0.3, uv.y));
        s.thin = 0.45;
        s.roughness = 0.7;
    } else if (material == LEAF) {
        float side = abs(uv.x - 0.5) * 2.0;
        float rib = smoothstep(0.09, 0.03, side), vein = smoothstep(0.12, 0.03, abs(fract(uv.y * 7.0 - side * 1.3) - 0.5));
        s.albedo = mix(s.albedo * mix(0.75, 1.2, fbm(vec3(uv * 6.0, local_seed.w * 9.0), 3)), s.albedo * 1.7, max(0.7 * rib, 0.25 * vein));
        s.thin = 0.30;
        s.roughness = 0.45;
    } else if (material == LINEN) {
        float stripe = step(abs(abs(uv.y - 0.5) - 0.40), 0.012) + step(abs(abs(uv.y - 0.5) - 0.37), 0.004)
                       + step(abs(abs(uv.x - 0.5) - 0.42), 0.010);
        s.albedo = mix(s.albedo, vec3(0.07, 0.12, 0.20), 0.8 * clamp(stripe, 0.0, 1.0));
        vec2 thread = uv * 500.0;
        float weave = 0.5 + 0.25 * sin(thread.x * 3.14159) * sin(thread.y * 3.14159);
        float slub = fbm(vec3(uv.x * 14.0, uv.y * 240.0, 1.0), 3) + fbm(vec3(uv.x * 240.0, uv.y * 14.0, 4.0), 3);
        s.albedo *= mix(0.80, 1.1, weave) * mix(0.78, 1.14, slub * 0.5 + 0.1);
        s.thin = 0.1;
    } else if (material == POLLEN) {
        s.normal = normalize(s.normal - 0.5 * fbm_slope(local * 900.0, 2, 0.2));
        s.albedo *= mix(0.5, 1.25, noise(local * 900.0));
    }
    return s;
}
