// SPDX-License-Identifier: Apache-2.0
// Completions for bash, zsh and fish, made from cli/command_table.
#pragma once

#include <vector>

#include "cli/generated_file.h"

namespace dbxes::cli {

std::vector<GeneratedFile> Completions();

}  // namespace dbxes::cli
