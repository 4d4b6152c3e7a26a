/*
 * secret.c
 *	  Reads secrets from private files.
 *
 * The file is opened once, without following a link and without waiting for a
 * FIFO's writer, and every check is made on the open descriptor, so nothing
 * can be exchanged between a check and the reading.  The directory must lie
 * outside the data directory: base backups and clones must not carry it.
 *
 * A problem is worked out as text first and raised by the caller afterwards,
 * with the descriptor closed; no message holds a byte of the file.
 */
#include "postgres.h"

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "miscadmin.h"

#include "base/error.h"
#include "base/secret.h"
#include "base/settings.h"

#define SD_SECRET_MAX_NAME 128
#define SD_SECRET_MAX_SIZE (64 * 1024)

bool
sd_secret_is_name(const char *name)
{
	size_t		length = strlen(name);

	if (length == 0 || length > SD_SECRET_MAX_NAME || !isalnum((unsigned char) name[0]))
		return false;
	return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == length;
}

bool
sd_secret_is_token(const char *text)
{
	static const char *const prefixes[] = {
		"xox", "xapp-", "ghp_", "gho_", "ghs_", "github_pat_", "lin_api_", "lin_oauth_",
		"secret_", "ntn_", "sk-", "ATATT",
	};
	bool		digit = false;
	bool		letter = false;
	const char *p;
	int			i;

	for (i = 0; i < lengthof(prefixes); i++)
		if (strncmp(text, prefixes[i], strlen(prefixes[i])) == 0)
			return true;

	/* a long run of letters and digits, with nothing that parts words */
	for (p = text; *p != '\0'; p++)
	{
		if (!isalnum((unsigned char) *p))
			return false;
		digit |= isdigit((unsigned char) *p) != 0;
		letter |= isalpha((unsigned char) *p) != 0;
	}
	return strlen(text) >= 20 && digit && letter;
}

/* Is path the directory itself or something below it?  Both are real paths. */
static bool
is_inside(const char *path, const char *directory)
{
	size_t		length = strlen(directory);

	return strncmp(path, directory, length) == 0 &&
		(path[length] == '\0' || path[length] == '/' || strcmp(directory, "/") == 0);
}

/* NULL when the directory may hold secrets, else what is wrong with it. */
static char *
directory_problem(void)
{
	char		directory[PATH_MAX];
	char		data[PATH_MAX];

	if (sd_secrets_directory == NULL || sd_secrets_directory[0] == '\0')
		return pstrdup("schemadrift.secrets_directory is not set.");
	if (!is_absolute_path(sd_secrets_directory))
		return pstrdup("schemadrift.secrets_directory is not an absolute path.");
	if (realpath(sd_secrets_directory, directory) == NULL)
		return psprintf("Directory \"%s\" cannot be opened: %s.",
						sd_secrets_directory, strerror(errno));
	if (realpath(DataDir, data) == NULL)
		return psprintf("The data directory cannot be resolved: %s.", strerror(errno));
	if (is_inside(directory, data))
		return psprintf("Directory \"%s\" lies inside the data directory.",
						sd_secrets_directory);
	return NULL;
}

/* NULL when the open file is a private one of ours, else what is wrong. */
static char *
file_problem(const char *path, const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return psprintf("\"%s\" is not a regular file.", path);
	if (st->st_uid != geteuid())
		return psprintf("File \"%s\" does not belong to the user that runs the server.", path);
	if ((st->st_mode & 07777) != 0600 && (st->st_mode & 07777) != 0400)
		return psprintf("File \"%s\" has mode %04o; it must be 0600 or 0400.",
						path, (unsigned int) (st->st_mode & 07777));
	if (st->st_size == 0)
		return psprintf("File \"%s\" is empty.", path);
	if (st->st_size > SD_SECRET_MAX_SIZE)
		return psprintf("File \"%s\" is larger than %d bytes.", path, SD_SECRET_MAX_SIZE);
	return NULL;
}

/* Read size bytes into a new string; NULL with errno set, or 0 when short. */
static char *
read_text(int fd, size_t size)
{
	char	   *text = palloc(size + 1);
	size_t		done = 0;

	errno = 0;
	while (done < size)
	{
		ssize_t		n = read(fd, text + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
		{
			explicit_bzero(text, size);
			pfree(text);
			return NULL;
		}
		done += n;
	}
	text[size] = '\0';
	return text;
}

/*
 * Check the opened file and, where secret is not NULL, read it.  Returns NULL
 * or what is wrong.
 */
static char *
read_opened(int fd, const char *path, char **secret)
{
	struct stat st;
	char	   *problem;
	size_t		length;

	if (fstat(fd, &st) < 0)
		return psprintf("File \"%s\" cannot be examined: %s.", path, strerror(errno));
	problem = file_problem(path, &st);
	if (problem != NULL || secret == NULL)
		return problem;

	*secret = read_text(fd, st.st_size);
	if (*secret == NULL)
		return psprintf("File \"%s\" cannot be read: %s.", path,
						errno != 0 ? strerror(errno) : "it became shorter");
	length = strlen(*secret);
	if (length != (size_t) st.st_size)
	{
		explicit_bzero(*secret, st.st_size);
		return psprintf("File \"%s\" holds a zero byte.", path);
	}
	while (length > 0 && ((*secret)[length - 1] == '\n' || (*secret)[length - 1] == '\r'))
		(*secret)[--length] = '\0';
	if (length == 0)
		return psprintf("File \"%s\" holds nothing but line breaks.", path);
	return NULL;
}

static char *
read_secret(const char *name, char **secret)
{
	char	   *problem = directory_problem();
	char	   *path;
	int			fd;

	if (problem != NULL)
		return problem;
	if (!sd_secret_is_name(name))
		return pstrdup("Names of secrets consist of letters, digits, \".\", \"_\" and \"-\".");

	path = psprintf("%s/%s", sd_secrets_directory, name);
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return errno == ELOOP ? psprintf("\"%s\" is a symbolic link.", path) :
			psprintf("File \"%s\" cannot be opened: %s.", path, strerror(errno));
	problem = read_opened(fd, path, secret);
	close(fd);
	return problem;
}

char *
sd_secret_problem(const char *name)
{
	return read_secret(name, NULL);
}

char *
sd_secret_read(const char *name)
{
	char	   *secret = NULL;
	char	   *problem = read_secret(name, &secret);

	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_SD_SECRET),
				 errmsg("could not read secret \"%s\"", name),
				 errdetail_internal("%s", problem),
				 errhint("Put it into a file of that name in schemadrift.secrets_directory, "
						 "owned by the server's user with mode 0600.")));
	return secret;
}
