using System.CommandLine;
using System.Text;

namespace Libp2p.Node.Commands.Inspect;

/// <summary><c>libp2p inspect</c>: what a multiaddr, CID, peer id, key, envelope or record is, part by part.</summary>
internal static class InspectCommand
{
    public static Command Create(CommonOptions common)
    {
        var value = new Argument<string>("value")
        {
            Description = "A multiaddr, CID, peer id, key in PEM, or the bytes of one of them, an envelope or a record in hexadecimal, base64 or multibase; a file by its path; -: standard input.",
            HelpName = "VALUE",
        };
        var domain = new Option<string?>("--domain") { Description = "What an envelope was signed for. Default: whatever is known.", HelpName = "DOMAIN" };
        var name = new Option<string?>("--name") { Description = "The name that an IPNS record was found under.", HelpName = "PEER" };
        var command = new Command("inspect", "Explain a multiaddr, CID, peer id, key, envelope or record, part by part.") { value, domain, name };
        command.SetAction(result =>
        {
            var settings = common.Read(result);
            return LocalCommand.Run(settings, result.InvocationConfiguration, output =>
            {
                var inspector = new Inspector(new(result.GetValue(domain), NameOf(result.GetValue(name))), TimeProvider.System);
                InspectionPrinter.Print(Inspect(inspector, result.GetRequiredValue(value)), settings.Json, output);
            });
        });
        return command;
    }

    private static Inspection Inspect(Inspector inspector, string value)
    {
        if (value != "-" && !(value.Length < 4096 && File.Exists(value))) return inspector.Inspect(value);
        var bytes = Read(value);
        if (inspector.TryInspect(bytes, out var inspection)) return inspection;
        return IsText(bytes) ? inspector.Inspect(Encoding.UTF8.GetString(bytes)) : inspector.Inspect(bytes);
    }

    private static byte[] Read(string source)
    {
        var buffer = new byte[Inspector.MaxLength + 1];
        using var stream = source == "-" ? Console.OpenStandardInput() : new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length <= Inspector.MaxLength
            ? buffer[..length]
            : throw new CommandException($"There are more than {Inspector.MaxLength} bytes.", "none of what is known here is as long.");
    }

    private static bool IsText(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept(System.Buffers.SearchValues.Create([9, 10, 13, .. Enumerable.Range(32, 95).Select(static b => (byte)b)]));

    private static PeerId? NameOf(string? text)
    {
        if (text is null) return null;
        return PeerId.TryParse(text.StartsWith("/ipns/", StringComparison.Ordinal) ? text["/ipns/".Length..] : text, out var peer)
            ? peer
            : throw new CommandException($"'{text}' is no name.", "a name is a peer id, as 12D3Koo... or k51...");
    }
}
