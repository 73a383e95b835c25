// chip: sm_80
// Products and convolutions by tensor cores, operands rounded to tf32 or bf16, sums in float32 (mma.cuh).
#include "conv2d.cuh"
#include "mma.cuh"
#include "product.cuh"

KERNEL(256) tensor_product_tf32_64(const Product p) { product<64, Tensor<Tf32, 64>>(p); }

KERNEL(256) tensor_forward_tf32_64(const Conv2d p) { forward<64, Tensor<Tf32, 64>>(p); }

KERNEL(256) tensor_data_tf32_64(const Conv2d p) { data<64, Tensor<Tf32, 64>>(p); }

KERNEL(256) tensor_filter_tf32_64(const Conv2d p) { filter<64, Tensor<Tf32, 64>>(p); }

KERNEL(256) tensor_product_tf32_128(const Product p) { product<128, Tensor<Tf32, 128>>(p); }

KERNEL(256) tensor_forward_tf32_128(const Conv2d p) { forward<128, Tensor<Tf32, 128>>(p); }

KERNEL(256) tensor_data_tf32_128(const Conv2d p) { data<128, Tensor<Tf32, 128>>(p); }

KERNEL(256) tensor_filter_tf32_128(const Conv2d p) { filter<128, Tensor<Tf32, 128>>(p); }

KERNEL(256) tensor_product_bf16_64(const Product p) { product<64, Tensor<Bf16, 64>>(p); }

KERNEL(256) tensor_forward_bf16_64(const Conv2d p) { forward<64, Tensor<Bf16, 64>>(p); }

KERNEL(256) tensor_data_bf16_64(const Conv2d p) { data<64, Tensor<Bf16, 64>>(p); }

KERNEL(256) tensor_filter_bf16_64(const Conv2d p) { filter<64, Tensor<Bf16, 64>>(p); }

KERNEL(256) tensor_product_bf16_128(const Product p) { product<128, Tensor<Bf16, 128>>(p); }

KERNEL(256) tensor_forward_bf16_128(const Conv2d p) { forward<128, Tensor<Bf16, 128>>(p); }

KERNEL(256) tensor_data_bf16_128(const Conv2d p) { data<128, Tensor<Bf16, 128>>(p); }

KERNEL(256) tensor_filter_bf16_128(const Conv2d p) { filter<128, Tensor<Bf16, 128>>(p); }
