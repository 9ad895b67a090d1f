// Thin cloud and changing light before a sky; closes when the noise has passed whole tiles.
//
// In:     encoded sRGB, x in the photo's uv, the weight of the sky there
// Reads:  u_veil_noise (wisps, light), which tiles
// Out:    encoded sRGB, unchanged where the weight is 0

uniform sampler2D u_veil_noise;
uniform vec2 u_veil_tiles;    // along the photo's width, of the two sheets
uniform vec4 u_veil_way;      // tiles that each sheet has passed, x and y
uniform vec3 u_veil_color;    // encoded
uniform vec3 u_veil_strength; // opacity, light, v of the horizon

vec3 under_veil(vec3 srgb, vec2 x, float weight) {
    float slant = max(1.0 - x.y / u_veil_strength.z, 0.1); // the far end is not seen edge-on
    vec2 at = vec2(x.x - 0.5, 0.6) / (0.4 + 0.6 * slant);
    vec2 noise = 0.5 * (texture(u_veil_noise, at * u_veil_tiles.x - u_veil_way.xy).rg +
                        texture(u_veil_noise, at * u_veil_tiles.y - u_veil_way.zw).rg);
    srgb *= 1.0 + weight * u_veil_strength.y * (4.0 * noise.g - 2.0);
    return srgb + weight * u_veil_strength.x * noise.r * (u_veil_color - srgb);
}
