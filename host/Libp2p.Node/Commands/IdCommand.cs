using System.CommandLine;
using Libp2p.Hosting;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands;

/// <summary><c>libp2p id</c>: the identity in the data folder; made if there is none.</summary>
internal static class IdCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("id", "Print this node's identity.");
        command.SetAction(result =>
        {
            var settings = common.Read(result);
            try
            {
                var identity = IdentityFile.LoadOrCreate(settings.IdentityFile);
                if (settings.Json)
                {
                    JsonLine.Write(Console.Out, json =>
                    {
                        json.WriteString("event", "identity");
                        json.WriteString("peerId", identity.PeerId.ToString());
                        json.WriteString("cid", identity.PeerId.ToCidString());
                        json.WriteString("keyType", identity.PublicKey.Type.ToString());
                        json.WriteString("publicKey", Convert.ToBase64String(identity.PublicKey.Protobuf.Span));
                        json.WriteString("file", settings.IdentityFile);
                    });
                }
                else
                {
                    Console.WriteLine($"peer id     {identity.PeerId}");
                    Console.WriteLine($"as CID      {identity.PeerId.ToCidString()}");
                    Console.WriteLine($"key         {identity.PublicKey.Type}, public {Convert.ToBase64String(identity.PublicKey.Protobuf.Span)}");
                    Console.WriteLine($"kept in     {settings.IdentityFile}");
                }

                return ExitCode.Success;
            }
            catch (IdentityFileException e)
            {
                return Failure.Report(e, settings, Console.Out, Console.Error);
            }
        });
        return command;
    }
}
