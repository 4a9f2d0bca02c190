using System.CommandLine;
using System.CommandLine.Invocation;
using Libp2p.Node;

Warmup.Begin(args);
var command = CommandTree.Parse(args);

// On a signal a node drains; it must not be killed half way by the parser's own, shorter patience.
var code = await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
return command.Action is ParseErrorAction ? ExitCode.Usage : code;
