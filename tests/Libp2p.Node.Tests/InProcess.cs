using System.CommandLine;

namespace Libp2p.Node.Tests;

/// <summary>Commands of the program, run in the process of the tests: those that write to what their invocation gives them.</summary>
internal static class InProcess
{
    public static (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = CommandTree.Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false });
        return (code, output.ToString(), errors.ToString());
    }
}
