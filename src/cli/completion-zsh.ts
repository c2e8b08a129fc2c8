/** The completion script for zsh. */
import { commandBranches, type DescribedCommand, FIND_OFFER, quoted } from './completion-tables.js';

export function zshScript(commands: readonly DescribedCommand[]): string {
  const names = commands.map(({ name, summary }) => described(name, summary)).join('\n      ');
  return `#compdef snapvm
# Completion of snapvm for zsh. Made by "snapvm completion zsh".

_snapvm() {
  setopt local_options extended_glob no_ksh_arrays
  local one cur=\${words[CURRENT]} offer='' option='' argument='' rest='' plain=''
  local -a flags values where found
  local -i i given=0
  if (( CURRENT == 2 )) || [[ \${words[2]} == help ]]; then
    found=(
      ${names}
    )
    _describe -t commands command found
    return
  fi
  case \${words[2]} in
${commandBranches(commands, described)}
    *) return 1 ;;
  esac
  for (( i = 3; i < CURRENT; i++ )); do
    one=\${words[i]}
    if [[ -n $plain || $one != -?* ]]; then
      given=1
      plain=\${plain:-$rest}
    elif [[ $one == -- ]]; then
      plain=1
    elif _snapvm_find "$one"; then
      (( i += 1 ))
      (( i == CURRENT )) && option=$one
      [[ $one == --url || $one == --token-file ]] && where+=("$one" "\${(Q)words[i]}")
    fi
  done
  if [[ -n $option ]]; then
    _snapvm_offer
  elif [[ -z $plain && $cur == --*=* ]] && _snapvm_find "\${cur%%=*}"; then
    compset -P "\${cur%%=*}="
    _snapvm_offer
  elif [[ -z $plain && $cur == -* ]]; then
    _describe -o option flags
  elif [[ -n $rest || $given == 0 ]]; then
    offer=$argument
    _snapvm_offer
  fi
}

${FIND_OFFER}

_snapvm_offer() {
  local -a names
  case $offer in
    words:*) compadd -- "\${(@s:,:)\${offer#words:}}" ;;
    file) _files ;;
    folder) _files -/ ;;
    '@file') compset -P @ && _files ;;
    '=file') compset -P '*=' && _files ;;
    function)
      # No name is more than letters, digits and signs that no shell obeys, whatever a server says.
      names=("\${(@f)$("\${words[1]}" completion names "\${where[@]}" 2>/dev/null </dev/null)}")
      compadd -- "\${(@M)names:#[A-Za-z0-9][A-Za-z0-9_.-]#}"
      ;;
    *) return 1 ;;
  esac
}

if [[ \${funcstack[1]} == _snapvm ]]; then _snapvm "$@"; else compdef _snapvm snapvm; fi
`;
}

function described(word: string, help: string): string {
  return quoted(`${word}:${help}`);
}
