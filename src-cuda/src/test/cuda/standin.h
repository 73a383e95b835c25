// What the stand-ins of libraries use of the stand-in driver.
#pragma once
#include <cstddef>
#include <functional>

// Runs the task when the stream comes to it, or records it into the graph that the stream records.
int now(void* stream, std::function<int()> task);
// Whether all of it is memory of a device.
bool standin_inside(unsigned long long address, size_t bytes);
// Counts a call; what a test wants it to fail with.
int standin_enter(const char* name);
// Device time that passed, in milliseconds.
void standin_took(double ms);
