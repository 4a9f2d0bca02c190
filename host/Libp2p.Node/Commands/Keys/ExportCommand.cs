using System.Buffers;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands.Keys;

/// <summary><c>libp2p keys export</c>: gives out the private key, in base64 of its protobuf form, or in PEM.</summary>
internal static class ExportCommand
{
    public static Command Create(CommonOptions common, Option<string?> file)
    {
        var to = new Option<string?>("--out", "-o") { Description = "The file to write, for its owner alone. Default: standard output.", HelpName = "FILE" };
        var force = KeysCommand.Force("Overwrite a file that is there.");
        var yes = new Option<bool>("--yes", "-y") { Description = "Print the private key even to a terminal." };
        var pem = new Option<bool>("--pem") { Description = "In PEM (PKCS#8), as other tools read it, instead of base64 of the protobuf form." };
        var password = PasswordFile.Option("The file whose first line is the password to encrypt the PEM with.");
        var command = new Command("export", "Give out the private key.") { to, force, yes, pem, password };
        command.Validators.Add(result =>
        {
            if (result.GetValue(password) is not null && !result.GetValue(pem)) result.AddError("--password-file is for --pem; the protobuf form has no password.");
        });
        command.SetAction(result =>
        {
            var settings = common.Read(result);
            return LocalCommand.Run(settings, result.InvocationConfiguration, output =>
            {
                var source = new KeyFile(settings, result.GetValue(file));
                if (result.GetValue(to) is { } target)
                {
                    using var key = source.Load();
                    Write(Format(key, result.GetValue(pem), result.GetValue(password)), source.Path, Path.GetFullPath(target), result.GetValue(force));
                    IdentityLines.Print(key.PublicKey, Path.GetFullPath(target), "exported", settings.Json, output);
                }
                else
                {
                    if (!Console.IsOutputRedirected && !result.GetValue(yes))
                    {
                        throw new CommandException("The private key would be seen on this terminal.", "write it to a file with --out FILE, or say --yes.");
                    }

                    using var key = source.Load();
                    using var plain = Console.OpenStandardOutput();
                    Print(key, Format(key, result.GetValue(pem), result.GetValue(password)), settings.Json, plain);
                }
            });
        });
        return command;
    }

    private static byte[] Format(PrivateKey key, bool pem, string? passwordFile)
    {
        if (!pem) return KeyText.Format(key);
        var password = PasswordFile.Read(passwordFile);
        try
        {
            return KeyText.FormatPem(key, password);
        }
        finally
        {
            password.AsSpan().Clear();
        }
    }

    private static void Write(byte[] text, string source, string path, bool overwrite)
    {
        if (path == source) throw new CommandException($"{path} holds the key itself, which a text of it would replace.", "name another file with --out FILE.");
        var options = new FileStreamOptions { Mode = overwrite ? FileMode.Create : FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = owner;
        try
        {
            using var file = new FileStream(path, options);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, owner); // one that was there may have had another
            file.Write(text);
            file.Write("\n"u8);
        }
        catch (IOException e) when (!overwrite && File.Exists(path))
        {
            throw new CommandException($"There is a file {path} already; it is left as it is.", "name another file, or overwrite it with --force.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path} cannot be written: {e.Message}", "name a file in a folder that is there and yours.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Past the console's writer, whose buffers would keep the key.</summary>
    private static void Print(PrivateKey key, byte[] text, bool json, Stream output)
    {
        var line = new ArrayBufferWriter<byte>(text.Length + 16 * 1024); // never grows, so no copy stays behind
        try
        {
            if (json)
            {
                using var writer = new Utf8JsonWriter(line, JsonLine.Options);
                writer.WriteStartObject();
                writer.WriteString("event", "private-key");
                writer.WriteString("peerId", key.PublicKey.PeerId.ToString());
                writer.WriteString("keyType", key.Type.ToString());
                writer.WriteString("privateKey"u8, text);
                writer.WriteEndObject();
            }
            else
            {
                line.Write(text);
            }

            line.Write("\n"u8);
            output.Write(line.WrittenSpan);
        }
        finally
        {
            line.Clear();
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
