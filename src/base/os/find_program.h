// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace dbxes {

// The path of an executable in the absolute folders of $PATH, "" if it is in none. Relative folders
// are skipped: they would name another program in each working directory.
std::string FindProgram(std::string_view name);

// The path of a program that is installed with this one: in the folder of this executable, or in
// ../libexec/dbx-es beside that; "" if it is in neither.
std::string FindOwnProgram(std::string_view name);

}  // namespace dbxes
