#ifndef VL_BASE_ONE_H
#define VL_BASE_ONE_H
#endif
