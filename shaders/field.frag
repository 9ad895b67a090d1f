#version 330 core
// What passes over a sky, and over the calm water that mirrors it, at one moment.
//
// In:     the target's pixel, which is the field's texel
// Reads:  u_still: weight of the light, and how much a wisp brightens what mirrors it
// Out:    0, 0, change of brightness, density of a veil; added to the displacements

#include "common/veil.glsl"

uniform sampler2D u_still;

out vec4 out_field;

void main() {
    vec2 still = texelFetch(u_still, ivec2(gl_FragCoord.xy), 0).rg;
    vec2 veil = veil_at(gl_FragCoord.xy / vec2(textureSize(u_still, 0)));
    out_field = vec4(0.0, 0.0, still.x * veil.y + still.y * veil.x, veil.x);
}
