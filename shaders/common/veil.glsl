// Thin cloud and changing light before a sky; closes when the noise has passed whole tiles.
//
// In:     x in the photo's uv
// Reads:  u_veil_noise (wisps, light), which tiles
// Out:    opacity of the wisps, and the change of brightness

uniform sampler2D u_veil_noise;
uniform vec2 u_veil_tiles;    // along the photo's width, of the two sheets
uniform vec4 u_veil_way;      // tiles that each sheet has passed, x and y
// Opacity, light, v of the horizon (0: no sheet but a fog that is met everywhere alike), v that
// water mirrors about
uniform vec4 u_veil_strength;

vec2 veil_at(vec2 x) {
    x.y = min(x.y, 2.0 * u_veil_strength.w - x.y);
    vec2 at = vec2(x.x - 0.5, 0.6 * x.y);
    if (u_veil_strength.z > 0.0) {
        float slant = max(1.0 - x.y / u_veil_strength.z, 0.1); // the far end is not seen edge-on
        at = vec2(x.x - 0.5, 0.6) / (0.4 + 0.6 * slant);
    }
    vec2 noise = texture(u_veil_noise, at * u_veil_tiles.x - u_veil_way.xy).rg +
                 texture(u_veil_noise, at * u_veil_tiles.y - u_veil_way.zw).rg;
    return u_veil_strength.xy * vec2(0.5 * noise.r, 2.0 * noise.g - 2.0);
}
