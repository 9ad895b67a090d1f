// Where a flat card is not there: needles, twigs and leaf outlines.

const int PLAIN = 0, ROCK = 1, BARK = 2, NEEDLES = 3, GRASS = 4, PLANK = 5, GROUND = 6, TERRAIN = 7,
          FAR_TREE = 8, PAINT = 9, SPRAY = 10, PLASTER = 20, GLAZE = 21, PEEL = 22, APPLE = 23,
          PETAL = 24, LEAF = 25, LINEN = 26, TABLE = 27, POLLEN = 28;

bool is_cut_out(int material, vec2 uv, float seed) {
    if (material == NEEDLES) {  // strokes that slant forwards from a twig along v
        float side = abs(uv.x);
        float along = uv.y * 26.0 - side * 3.2 + (uv.x > 0.0 ? 0.5 : 0.0);
        float reach = (0.65 + 0.35 * hash01(vec3(floor(along), seed * 91.0, step(0.0, uv.x))))
                      * smoothstep(1.03, 0.8, uv.y);
        return side > 0.1 && (abs(fract(along) - 0.5) > 0.33 || side > reach);
    }
    if (material == SPRAY) {  // a whole branch: side twigs along v, each a ragged stroke
        float side = abs(uv.x);
        float along = uv.y * 15.0 - side * 4.0 + (uv.x > 0.0 ? 0.5 : 0.0);
        float reach = (0.55 + 0.45 * hash01(vec3(floor(along), seed * 57.0, step(0.0, uv.x))))
                      * smoothstep(1.02, 0.35, uv.y) * smoothstep(-0.12, 0.2, uv.y);
        float thick = 0.40 * (1.0 - 0.5 * side) + 0.16 * (noise(vec3(uv * 40.0, seed * 7.0)) - 0.5);
        return side > 0.07 && (abs(fract(along) - 0.5) > thick || side > reach);
    }
    return false;
}

bool has_uv(int material) {  // textured by uv; the others by their place in the thing's own metres
    return material == NEEDLES || material == SPRAY || material == GRASS || material == PLANK
           || material == PETAL || material == LEAF || material == LINEN;
}
