using System.Globalization;
using System.Net;

namespace Libp2p.TestPeer.Measuring;

/// <summary>The command line of <c>perf</c>.</summary>
internal sealed record PerfCommandOptions(bool RunServer, IPEndPoint Server, string Transport, long Upload, long Download)
{
    /// <exception cref="FormatException">Not a command line of <c>perf</c>.</exception>
    public static PerfCommandOptions Parse(IReadOnlyList<string> args)
    {
        var runServer = false;
        var given = new Dictionary<string, string> { ["--transport"] = "tcp", ["--upload-bytes"] = "0", ["--download-bytes"] = "0" };
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--run-server") runServer = true;
            else if (args[i] is not ("--server-address" or "--transport" or "--upload-bytes" or "--download-bytes")) throw new FormatException($"unknown option {args[i]}");
            else given[args[i]] = ++i < args.Count ? args[i] : throw new FormatException($"{args[^1]} needs a value");
        }

        if (!given.TryGetValue("--server-address", out var address)) throw new FormatException("perf takes --server-address HOST:PORT");
        return new PerfCommandOptions(runServer, Resolve(address), given["--transport"], Bytes("--upload-bytes"), Bytes("--download-bytes"));

        long Bytes(string name) =>
            long.TryParse(given[name], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : throw new FormatException($"{name} takes a number of bytes");
    }

    private static IPEndPoint Resolve(string address)
    {
        if (IPEndPoint.TryParse(address, out var endPoint)) return endPoint;
        var colon = address.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var port)) throw new FormatException($"{address} is not HOST:PORT");
        return Dns.GetHostAddresses(address[..colon]) is [var first, ..] ? new IPEndPoint(first, port) : throw new FormatException($"{address[..colon]} has no address");
    }
}
