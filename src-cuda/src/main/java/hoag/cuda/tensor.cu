// chip: sm_80
// Products and convolutions by tensor cores, operands rounded to tf32 or bf16, sums in float32 (mma.cuh).
#include "conv2d.cuh"
#include "mma.cuh"
#include "product.cuh"

KERNEL(256) tensor_product_tf32(const Product p) { product<false, Tensor<Tf32>>(p); }

KERNEL(256) tensor_product_tf32_splits(const Product p) { product<true, Tensor<Tf32>>(p); }

KERNEL(256) tensor_forward_tf32(const Conv2d p) { forward<false, Tensor<Tf32>>(p); }

KERNEL(256) tensor_forward_tf32_splits(const Conv2d p) { forward<true, Tensor<Tf32>>(p); }

KERNEL(256) tensor_data_tf32(const Conv2d p) { data<false, Tensor<Tf32>>(p); }

KERNEL(256) tensor_data_tf32_splits(const Conv2d p) { data<true, Tensor<Tf32>>(p); }

KERNEL(256) tensor_filter_tf32(const Conv2d p) { filter<false, Tensor<Tf32>>(p); }

KERNEL(256) tensor_filter_tf32_splits(const Conv2d p) { filter<true, Tensor<Tf32>>(p); }

KERNEL(256) tensor_product_bf16(const Product p) { product<false, Tensor<Bf16>>(p); }

KERNEL(256) tensor_product_bf16_splits(const Product p) { product<true, Tensor<Bf16>>(p); }

KERNEL(256) tensor_forward_bf16(const Conv2d p) { forward<false, Tensor<Bf16>>(p); }

KERNEL(256) tensor_forward_bf16_splits(const Conv2d p) { forward<true, Tensor<Bf16>>(p); }

KERNEL(256) tensor_data_bf16(const Conv2d p) { data<false, Tensor<Bf16>>(p); }

KERNEL(256) tensor_data_bf16_splits(const Conv2d p) { data<true, Tensor<Bf16>>(p); }

KERNEL(256) tensor_filter_bf16(const Conv2d p) { filter<false, Tensor<Bf16>>(p); }

KERNEL(256) tensor_filter_bf16_splits(const Conv2d p) { filter<true, Tensor<Bf16>>(p); }
