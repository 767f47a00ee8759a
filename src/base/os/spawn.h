// SPDX-License-Identifier: Apache-2.0
// Starts other programs (posix_spawn(3)).
#pragma once

#include <spawn.h>
#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace dbxes {

// What a program starts with. Unless set otherwise, it gets our environment and those of our
// descriptors that are not closed by exec. SIGPIPE ends it, although we ignore that signal.
class Spawn {
 public:
  Spawn();
  ~Spawn();
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;

  // `descriptor` becomes the program's descriptor `number`; -1 for /dev/null.
  void Give(int descriptor, int number);
  // Closes all other descriptors from `number` on: not all libraries mark theirs. Call it last.
  void CloseFrom(int number);
  void EmptyEnvironment() { empty_environment_ = true; }
  // Leaves out the variables whose names begin so. `prefix` outlives this object.
  void HideVariables(std::string_view prefix) { hidden_ = prefix; }

  // Starts `program`, a path or a name to be found in $PATH, with these arguments, of which the
  // first is its name. The process id, or the error number.
  tl::expected<pid_t, int> Start(const std::string& program, std::vector<std::string> arguments);

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
  bool empty_environment_ = false;
  std::string_view hidden_;
};

}  // namespace dbxes
