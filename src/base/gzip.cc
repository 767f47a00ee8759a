// SPDX-License-Identifier: Apache-2.0
#include "base/gzip.h"

#include <libdeflate.h>

#include <new>

namespace dbxes {

GzipCompressor::GzipCompressor(int level) : compressor_(libdeflate_alloc_compressor(level)) {
  if (!compressor_) throw std::bad_alloc();
}

void GzipCompressor::Free::operator()(void* compressor) const {
  libdeflate_free_compressor(static_cast<libdeflate_compressor*>(compressor));
}

void GzipCompressor::Compress(std::string_view bytes, std::string& out) {
  auto* compressor = static_cast<libdeflate_compressor*>(compressor_.get());
  // The bound makes a failure for lack of room impossible.
  out.resize(libdeflate_gzip_compress_bound(compressor, bytes.size()));
  out.resize(
      libdeflate_gzip_compress(compressor, bytes.data(), bytes.size(), out.data(), out.size()));
}

}  // namespace dbxes
