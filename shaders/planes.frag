#version 330 core
// Turns a finished frame into the three planes that an encoder takes: half the bytes to read back.
//
// In:     gl_FragCoord: rows 0 to H - 1 are luma; from there on, rows of W bytes hold the planes Cb
//         and Cr, each W/2 by H/2, one after the other
// Reads:  u_picture, W by H, both even; its sampler returns LINEAR light
// Out:    one byte of Y'CbCr, BT.709, limited range (ITU-R BT.709-6, 3.2 to 3.5)

#include "common/color.glsl"

uniform sampler2D u_picture;

out float out_level;

const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);

vec3 srgb_at(ivec2 px) {
    ivec2 last = textureSize(u_picture, 0) - 1;
    return srgb_from_linear(texelFetch(u_picture, clamp(px, ivec2(0), last), 0).rgb);
}

// A chroma sample lies on a column of luma and between two rows (H.264, chroma_sample_loc_type 0)
vec3 mean_about(ivec2 px) {
    vec3 sum = vec3(0.0);
    for (int row = 0; row < 2; ++row) {
        ivec2 place = px + ivec2(0, row);
        sum += srgb_at(place - ivec2(1, 0)) + 2.0 * srgb_at(place) + srgb_at(place + ivec2(1, 0));
    }
    return sum / 8.0;
}

void main() {
    ivec2 px = ivec2(gl_FragCoord.xy);
    ivec2 size = textureSize(u_picture, 0);
    if (px.y < size.y) {
        out_level = (16.0 + 219.0 * dot(srgb_at(px), LUMA)) / 255.0;
        return;
    }
    ivec2 chroma_size = size / 2;
    int place = (px.y - size.y) * size.x + px.x;
    int plane = place / (chroma_size.x * chroma_size.y);
    int index = place - plane * chroma_size.x * chroma_size.y;
    vec3 srgb = mean_about(2 * ivec2(index % chroma_size.x, index / chroma_size.x));
    float luma = dot(srgb, LUMA);
    float chroma = plane == 0 ? (srgb.b - luma) / 1.8556 : (srgb.r - luma) / 1.5748;
    out_level = (128.0 + 224.0 * chroma) / 255.0;
}
