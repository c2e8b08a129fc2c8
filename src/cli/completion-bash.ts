/** The completion script for bash. */
import { commandBranches, type DescribedCommand, FIND_OFFER, quoted } from './completion-tables.js';

export function bashScript(commands: readonly DescribedCommand[]): string {
  const names = commands.map(({ name }) => quoted(name)).join(' ');
  return `# Completion of snapvm for bash. Made by "snapvm completion bash".

# What is typed may be several words to bash, which splits at = : and @: "words" has them whole, "cur" is the last of them,
# and "prefix" is the part of it that bash leaves as it is.
_snapvm() {
  COMPREPLY=()
  local IFS=$' \\t\\n'
  local words=() flags=() values=() where=()
  local i one raw glued='' cur prefix offer='' option='' argument='' rest='' plain='' given=0
  for ((i = 0; i <= COMP_CWORD; i++)); do
    raw=\${COMP_WORDS[i]}
    if [[ $i -gt 0 && ($glued || $raw == [=:]*) ]]; then
      words[\${#words[@]} - 1]+=$raw
    else
      words+=("$raw")
    fi
    glued=''
    [[ $raw && ! \${raw//[=:@]/} ]] && glued=1
  done
  cur=\${words[\${#words[@]} - 1]}
  [[ $glued ]] && raw=''
  prefix=\${cur%"$raw"}
  if ((\${#words[@]} == 2)) || [[ \${words[1]} == help ]]; then
    for one in ${names}; do _snapvm_add "$one"; done
    return
  fi
  case \${words[1]} in
${commandBranches(commands, (word) => quoted(word))}
    *) return ;;
  esac
  for ((i = 2; i < \${#words[@]} - 1; i++)); do
    one=\${words[i]}
    if [[ $plain || $one != -?* ]]; then
      given=1
      plain=\${plain:-$rest}
    elif [[ $one == -- ]]; then
      plain=1
    elif _snapvm_find "$one"; then
      ((i += 1))
      ((i == \${#words[@]} - 1)) && option=$one
      [[ $one == --url || $one == --token-file ]] && where+=("$one" "\${words[i]}")
    fi
  done
  if [[ $option ]]; then
    _snapvm_offer ''
  elif [[ ! $plain && $cur == --*=* ]] && _snapvm_find "\${cur%%=*}"; then
    _snapvm_offer "\${cur%%=*}="
  elif [[ ! $plain && $cur == -* ]]; then
    for one in "\${flags[@]}"; do _snapvm_add "$one"; done
  elif [[ $rest || $given == 0 ]]; then
    offer=$argument
    _snapvm_offer ''
  fi
}

${FIND_OFFER}

# Offers values. What stands before them in the word is given.
_snapvm_offer() {
  local lead=$1 value=\${cur#"$1"} one
  case $offer in
    words:*)
      local IFS=,
      for one in \${offer#words:}; do _snapvm_add "$lead$one"; done
      ;;
    file) _snapvm_files -f ;;
    folder) _snapvm_files -d ;;
    '@file')
      [[ $value == @* ]] || return
      lead+=@
      _snapvm_files -f
      ;;
    '=file')
      [[ $value == *=* ]] || return
      lead+=\${value%%=*}=
      _snapvm_files -f
      ;;
    function)
      # No name is more than letters, digits and signs that no shell obeys, whatever a server says.
      while IFS= read -r one; do
        [[ $one =~ ^[A-Za-z0-9][A-Za-z0-9_.-]*$ ]] && _snapvm_add "$lead$one"
      done < <("\${words[0]}" completion names "\${where[@]}" 2>/dev/null </dev/null)
      ;;
  esac
}

_snapvm_files() {
  local one
  compopt -o filenames -o default 2>/dev/null
  while IFS= read -r one; do _snapvm_add "$lead$one"; done < <(compgen "$1" -- "\${cur#"$lead"}")
}

# Adds a whole word, if it goes on as the one that is typed.
_snapvm_add() {
  [[ $1 == "$cur"* ]] && COMPREPLY+=("\${1#"$prefix"}")
}

complete -F _snapvm snapvm
`;
}
