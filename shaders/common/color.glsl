// sRGB and LINEAR light (IEC 61966-2-1:1999).
//
// In:     values 0..1
// Reads:  nothing
// Out:    values 0..1

// A polynomial: every byte comes back as itself, and powers cost a software device a lot
vec3 linear_from_srgb(vec3 srgb) {
    vec3 high = 1.69972837 + srgb * (-1.63973147 + srgb * 0.6677403);
    return srgb * (0.06601533 + srgb * (0.20624747 + srgb * high));
}

vec3 srgb_from_linear(vec3 linear) {
    vec3 high = 1.055 * pow(max(linear, 0.0), vec3(1.0 / 2.4)) - 0.055;
    return mix(high, linear * 12.92, vec3(lessThanEqual(linear, vec3(0.0031308))));
}
