using Libp2p.Hosting;
using Microsoft.Extensions.Options;

namespace Libp2p.Node.Output;

/// <summary>Tells a person at which layer something failed and what to try, and returns the exit code for it.</summary>
internal static class Failure
{
    /// <summary>The most characters of a message or hint that a person is shown.</summary>
    private const int MaxLength = 2000;

    public static int Report(Exception error, Settings settings, TextWriter output, TextWriter errors)
    {
        var layer = (error as Libp2pException)?.Layer;
        var hint = Hint(error, layer);
        var code = layer is { } known ? ExitCode.Of(known) : ExitCode.Failure;
        if (settings.Json)
        {
            JsonLine.Write(output, json =>
            {
                json.WriteString("event", "error");
                json.WriteString("layer", NameOf(layer));
                json.WriteString("error", error.Message);
                json.WriteString("hint", hint);
                json.WriteNumber("exitCode", code);
                if (Mismatch(error) is { } mismatch) json.WriteString("actualPeer", mismatch.Actual.ToString());
            });
        }
        else
        {
            errors.WriteLine($"libp2p: {NameOf(layer)}: {Clean(error.Message)}");
            if (error is DialException { Report.Attempts.Length: > 1 } dial)
            {
                foreach (var attempt in dial.Report.Attempts) errors.WriteLine($"  {Clean(attempt.Address.ToString())}: {Clean(attempt.Error?.Message ?? "abandoned")}");
            }

            errors.WriteLine($"  try: {Clean(hint)}");
        }

        return code;
    }

    /// <summary>Errors may tell what a remote sent.</summary>
    private static string Clean(string text) => TerminalText.Clean(text, MaxLength);

    private static string NameOf(ConnectionLayer? layer) => layer switch
    {
        null => "error",
        ConnectionLayer.Transport => "dial",
        _ => layer.Value.ToString().ToLowerInvariant(),
    };

    private static string Hint(Exception error, ConnectionLayer? layer) => error switch
    {
        _ when Mismatch(error) is { } mismatch => $"use the peer id that answered, /p2p/{mismatch.Actual}, if you trust it; else look for another address.",
        CommandException command => command.Hint,
        IdentityFileException or OptionsValidationException or RequiredPluginException => "correct what is said above, then start again.",
        _ => layer switch
        {
            ConnectionLayer.Address => "write it like /ip4/127.0.0.1/tcp/4001/p2p/12D3Koo...; 'libp2p plugins' shows which transports are here.",
            ConnectionLayer.Transport => "see whether the remote runs, listens on that address, and no firewall is between.",
            ConnectionLayer.Negotiation => "the two have no security channel, muxer or protocol in common; 'libp2p plugins' shows what this side has.",
            ConnectionLayer.Security => "the remote's handshake failed; see whether it is a libp2p node and of which version.",
            ConnectionLayer.Muxer => "the connection broke; try again, with --verbose to see why.",
            ConnectionLayer.Protocol => "the remote broke off; see whether it serves this protocol with 'libp2p identify'.",
            ConnectionLayer.Resources => "raise the option that is named, or close connections.",
            ConnectionLayer.Storage => "see whether the data folder can be written to, and whether its disk is full.",
            _ => "run again with --verbose.",
        },
    };

    private static PeerIdMismatchException? Mismatch(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is PeerIdMismatchException mismatch) return mismatch;
            if (error is DialException dial && dial.Report.Attempts.Select(a => a.Error).OfType<PeerIdMismatchException>().FirstOrDefault() is { } found) return found;
        }

        return null;
    }
}
