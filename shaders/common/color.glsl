// sRGB and LINEAR light (IEC 61966-2-1:1999).
//
// In:     values 0..1
// Reads:  nothing
// Out:    values 0..1

vec3 linear_from_srgb(vec3 srgb) {
    vec3 high = pow((srgb + 0.055) / 1.055, vec3(2.4));
    return mix(high, srgb / 12.92, vec3(lessThanEqual(srgb, vec3(0.04045))));
}

vec3 srgb_from_linear(vec3 linear) {
    vec3 high = 1.055 * pow(max(linear, 0.0), vec3(1.0 / 2.4)) - 0.055;
    return mix(high, linear * 12.92, vec3(lessThanEqual(linear, vec3(0.0031308))));
}
