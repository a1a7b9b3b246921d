/** For routes in Lua: `text(s)`, octets as a JSON string in latin1, as `/inspect` tells them. */
export const LUA_TEXT = String.raw`local function text(s)
  return '"' .. s:gsub('[%c"\\\127-\255]', function(c) return string.format('\\u%04x', c:byte()) end) .. '"'
end
`;
