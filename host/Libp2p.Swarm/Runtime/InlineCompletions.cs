using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Libp2p.Swarm;

/// <summary>Asks a socket to continue on its polling thread. The switch is not public API: it is looked for once and done without where it is missing.</summary>
internal static class InlineCompletions
{
    private const string ThreadCountVariable = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    private static volatile bool _absent;

    /// <summary>Has the runtime poll with a thread a processor: by default it expects little work there and takes one in all.</summary>
    public static void Prepare()
    {
        if (!OperatingSystem.IsWindows() && Environment.GetEnvironmentVariable(ThreadCountVariable) is null)
        {
            Environment.SetEnvironmentVariable(ThreadCountVariable, Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>False: the runtime has no such switch.</summary>
    public static bool Enable(Socket socket)
    {
        if (_absent)
        {
            return false;
        }

        try
        {
            SetPreferInlineCompletions(socket, true);
            return true;
        }
        catch (MissingMemberException)
        {
            _absent = true;
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PreferInlineCompletions")]
    private static extern void SetPreferInlineCompletions(Socket socket, bool value);
}
