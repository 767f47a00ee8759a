// SPDX-License-Identifier: Apache-2.0
// Keeps poppler from reading the colour profiles (ICC) in files. Text has no colours, yet half of
// the time for PDFs was spent on them, by a library for images that need not see untrusted bytes.
#pragma once

#include <cstddef>

extern "C" {

// In place of the function of Little CMS with this name: the dynamic linker prefers the program's
// own. Poppler takes null for a profile that is damaged, and uses the colours without it (ISO
// 32000-2, 8.6.5.5: "Alternate").
__attribute__((visibility("default"))) void* cmsOpenProfileFromMem(const void* bytes,
                                                                   unsigned int size);

}  // extern "C"

namespace dbxes::pdf {

// How many profiles this process has left out: a test shows by it that the function is used.
std::size_t ProfilesLeftOut();

}  // namespace dbxes::pdf
