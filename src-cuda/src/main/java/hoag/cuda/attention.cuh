// Where an attention finds, or leaves, the tokens of a head: elements before the first, and from one to the next.
#pragma once
#include "hoag.cuh"

struct Place {
    unsigned offset, batch, head, token;
};

template <class T>
DEVICE T* first(T* x, const Place& at, unsigned batch, unsigned head) {
    return x + at.offset + batch * at.batch + head * at.head;
}
