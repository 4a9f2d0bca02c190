using System.CommandLine;
using System.Security.Cryptography;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands.Keys;

/// <summary><c>libp2p keys import [FILE]</c>: takes in a key of another node, or another libp2p.</summary>
internal static class ImportCommand
{
    public static Command Create(CommonOptions common, Option<string?> file)
    {
        var source = new Argument<string?>("source")
        {
            Description = "The file with the key: its protobuf form as base64 or as it is, or PEM. Default, or -: standard input.",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "SOURCE",
        };
        var force = KeysCommand.Force("Overwrite a key that is there: its identity is lost.");
        var password = PasswordFile.Option("The file whose first line is the password of a key in PEM that is encrypted.");
        var command = new Command("import", "Take in a key.") { source, force, password };
        command.SetAction(result =>
        {
            var settings = common.Read(result);
            return LocalCommand.Run(settings, result.InvocationConfiguration, output =>
            {
                var target = new KeyFile(settings, result.GetValue(file));
                using var key = Read(result.GetValue(source), result.GetValue(password));
                target.Save(key, result.GetValue(force));
                IdentityLines.Print(key.PublicKey, target.Path, "imported", settings.Json, output);
            });
        });
        return command;
    }

    private static PrivateKey Read(string? source, string? passwordFile)
    {
        var password = PasswordFile.Read(passwordFile);
        var buffer = new byte[KeyText.MaxLength + 1];
        try
        {
            using var stream = source is null or "-" ? Console.OpenStandardInput() : new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return KeyText.Parse(buffer.AsSpan(0, length), source is null or "-" ? "standard input" : source, password);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The key cannot be read: {e.Message}", "name a file that can be read, or give the key on standard input.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
            password.AsSpan().Clear();
        }
    }
}
