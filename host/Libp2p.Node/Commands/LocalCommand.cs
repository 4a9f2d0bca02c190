using System.CommandLine;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands;

/// <summary>What the commands share that work on files of this machine alone.</summary>
internal static class LocalCommand
{
    public static int Run(Settings settings, InvocationConfiguration invocation, Action<TextWriter> body)
    {
        try
        {
            body(invocation.Output);
            return ExitCode.Success;
        }
        catch (Exception e) when (e is CommandException or Libp2pException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Failure.Report(e, settings, invocation.Output, invocation.Error);
        }
    }
}
