// What changes from frame to frame; the same for every pass.
//
// In:     FRAME_DTYPE of parallax/gpu/passes.py, the same members in the same order (std140)
// Reads:  nothing
// Out:    clip_from_world, with y pointing down: the first row in memory is the top one

layout(std140) uniform Frame {
    mat4 clip_from_world;
};
